namespace Bank.Clearing;

public class Payouts
{
    public Task PayOut(Payout payout) =>
        // breach: txn/unsafe-retry
        retryPolicy.ExecuteAsync(() => client.PayAsync(payout.Account, payout.Amount));

    public Task PayOutOnce(Payout payout) =>
        // near-miss: the key was stored with the payout
        retryPolicy.ExecuteAsync(() => client.PayAsync(payout.Account, payout.Amount, idempotencyKey: payout.Id));
}
