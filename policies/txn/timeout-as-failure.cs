namespace Bank.Clearing;

public class CardAuthorisations
{
    public async Task Authorise(Payment payment)
    {
        try { await network.AuthoriseAsync(payment); payment.Status = Status.Authorised; }
        // breach: txn/timeout-as-failure
        catch (TaskCanceledException) { payment.Status = Status.Declined; }
    }

    public async Task AuthoriseSafely(Payment payment)
    {
        try { await network.AuthoriseAsync(payment); payment.Status = Status.Authorised; }
        // near-miss: a reversal with the same reference is queued; the outcome stays open, not failed
        catch (TaskCanceledException) { payment.Status = Status.InDoubt; reversals.Queue(payment.Reference); }
    }
}
