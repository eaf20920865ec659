namespace Bank.Refunds;

public class RefundHandler
{
    public void Refund(RefundCommand command)
    {
        // breach: txn/unlinked-reversal
        ledger.Credit(command.Account, command.Amount);
    }

    public void RefundAtProvider(RefundCommand command)
    {
        // near-miss: the provider holds the original and refuses more than is left
        provider.Refund(command.OriginalPaymentId, command.Amount, idempotencyKey: command.Id);
    }
}
