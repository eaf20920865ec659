using System;
using System.Collections.Generic;

public class Postings
{
    private readonly List<decimal> _amounts = new List<decimal>();

    public decimal Debit(decimal balance, decimal amount, Money limit)
    {
        // breach: money/discarded-decimal-result
        decimal.Subtract(balance, amount);
        // near-miss: the result is kept
        balance = decimal.Subtract(balance, amount);
        // breach: money/discarded-decimal-result
        Math.Round(balance, 2, MidpointRounding.ToEven);
        // near-miss: a list changes
        _amounts.Add(amount);
        // breach: money/discarded-decimal-result
        limit.Subtract(amount);
        // near-miss: the result is returned
        return Math.Round(balance, 2, MidpointRounding.ToEven);
    }
}
