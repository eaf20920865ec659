namespace Bank.Treasury;

public class LiquidityReport
{
    public decimal Total(IEnumerable<Deposit> deposits)
    {
        // breach: money/mixed-currencies
        return deposits.Sum(deposit => deposit.Amount);
    }

    public IDictionary<string, decimal> TotalByCurrency(IEnumerable<Deposit> deposits)
    {
        // near-miss: one total for each currency
        return deposits.GroupBy(deposit => deposit.Currency).ToDictionary(g => g.Key, g => g.Sum(d => d.Amount));
    }
}
