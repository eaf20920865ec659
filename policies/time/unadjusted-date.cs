namespace Bank.Trades;

public class Settlement
{
    public void Book(Trade trade)
    {
        // breach: time/unadjusted-date
        trade.SettlementDate = trade.TradeDate.AddDays(2);
    }

    public string Remind(Loan loan)
    {
        // near-miss: a reminder, no due date of its own
        return $"remind on {loan.DueDate.AddDays(-5):d}";
    }
}
