using System;

public class Accrual
{
    // breach: money/day-count-literal
    private const int DaysPerYear = 365;
    // near-miss: a page size
    private const int PageSize = 360;

    public decimal Interest(decimal principal, decimal annualRate, int days, Product product)
    {
        // breach: money/day-count-literal
        decimal interest = principal * annualRate * days / 360m;
        // near-miss: the basis of the product
        decimal agreed = principal * annualRate * days / product.DayBasis;
        // near-miss: no interest
        decimal share = days / 365m;
        return interest + agreed + share;
    }

    // breach: money/day-count-literal
    public decimal DailyRate(decimal annualRate) => annualRate / 365;
}
