namespace Bank.Limits;

public class PayoutHandler
{
    public async Task Pay(string customerNo, decimal amount)
    {
        var usedToday = session.GetDecimal("usedToday");
        // breach: auth/limit-outside-posting
        if (usedToday + amount > options.DailyLimit) throw new LimitExceededException();
        await ledger.DebitAsync(customerNo, amount);
    }

    public async Task PayWithin(string customerNo, decimal amount)
    {
        var rows = await context.Database.ExecuteSqlAsync($"UPDATE daily_limit SET used = used + {amount} WHERE customer_no = {customerNo} AND used + {amount} <= max");
        // near-miss: claimed in the database first
        if (rows != 1 || amount > options.DailyLimit) throw new LimitExceededException();
        await ledger.DebitAsync(customerNo, amount);
    }
}
