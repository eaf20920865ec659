using System;

public class Fees
{
    public decimal Monthly(decimal annualFee, double temperature)
    {
        // near-miss: decimal division keeps 28 digits
        decimal perMonth = annualFee / 12m;
        // breach: money/rounding-mode
        decimal posted = Math.Round(perMonth, 2);
        // near-miss: the mode is stated
        decimal exact = Math.Round(perMonth, 2, MidpointRounding.AwayFromZero);
        // breach: money/rounding-mode
        decimal whole = decimal.Round(annualFee);
        // near-miss: no money
        double shown = Math.Round(temperature, 1);
        return posted + exact + whole;
    }
}
