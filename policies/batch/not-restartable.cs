namespace Bank.Batch;

public class StatementJob
{
    public async Task ExecuteAsync()
    {
        foreach (var account in await context.Accounts.ToListAsync())
        {
            account.StatementNo++;
            // breach: batch/not-restartable
            await context.SaveChangesAsync();
        }
    }

    public async Task ExecuteOnceAsync(DateOnly day)
    {
        foreach (var account in await context.Accounts.Where(a => a.StatementDay < day).ToListAsync())
        {
            account.StatementNo++;
            account.StatementDay = day;
            // near-miss: number and day in one commit; the day is in the selection
            await context.SaveChangesAsync();
        }
    }
}
