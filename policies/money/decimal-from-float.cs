using System;

public class Rates
{
    // near-miss: a decimal literal
    private const decimal Tax = 0.19m;

    public decimal Interest(double quotedRate, string text, int days)
    {
        // breach: money/decimal-from-float
        decimal rate = (decimal)0.035;
        // breach: money/decimal-from-float
        decimal fee = Convert.ToDecimal(double.Parse(text));
        // breach: money/decimal-from-float
        decimal interest = (decimal)quotedRate * days;
        // near-miss: from text
        decimal amount = Convert.ToDecimal(text);
        // near-miss: a count
        return rate + fee + interest + amount * (decimal)days;
    }
}
