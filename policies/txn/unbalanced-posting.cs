namespace Bank.Ledger;

public class Transfers
{
    public async Task Transfer(Account from, Account to, decimal amount)
    {
        await ledger.DebitAsync(from, amount);
        await context.SaveChangesAsync();
        // breach: txn/unbalanced-posting
        await ledger.CreditAsync(to, amount);
        await context.SaveChangesAsync();
    }

    public async Task TransferTogether(Account from, Account to, decimal amount)
    {
        await using var transaction = await context.Database.BeginTransactionAsync();
        await ledger.DebitAsync(from, amount);
        // near-miss: committed together
        await ledger.CreditAsync(to, amount);
        await transaction.CommitAsync();
    }
}
