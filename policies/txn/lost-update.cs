namespace Bank.Accounts;

public class WithdrawalHandler
{
    public async Task Withdraw(long id, decimal amount)
    {
        var account = await context.Accounts.SingleAsync(a => a.Id == id);
        // breach: txn/lost-update
        account.Balance -= amount;
        await context.SaveChangesAsync();
    }

    public async Task Debit(long id, decimal amount)
    {
        var account = await context.Accounts.FromSql($"SELECT * FROM account WITH (UPDLOCK) WHERE id = {id}").SingleAsync();
        // near-miss: read with an update lock
        account.Balance -= amount;
        await context.SaveChangesAsync();
    }
}
