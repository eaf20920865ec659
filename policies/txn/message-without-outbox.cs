namespace Bank.Payments;

public class PaymentApproval
{
    public async Task Approve(Payment payment)
    {
        payment.Status = Status.Approved;
        await context.SaveChangesAsync();
        // breach: txn/message-without-outbox
        await bus.Publish(new PaymentApproved(payment.Id));
    }

    public async Task Reject(Payment payment)
    {
        payment.Status = Status.Rejected;
        // near-miss: the bus is configured with the Entity Framework outbox and only stores here
        await outboxBus.Publish(new PaymentRejected(payment.Id));
        await context.SaveChangesAsync();
    }
}
