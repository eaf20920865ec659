namespace Bank.Payments;

public class PaymentConsumer
{
    public async Task HandlePayment(PaymentOrdered message)
    {
        // breach: txn/missing-idempotency
        await ledger.Debit(message.Account, message.Amount);
    }

    public async Task HandleTransfer(TransferOrdered message)
    {
        // near-miss: the unique key refuses a second insert
        context.Inbox.Add(new InboxMessage(message.MessageId));
        await context.SaveChangesAsync();
        await ledger.Transfer(message.From, message.To, message.Amount);
    }
}
