using System;

namespace Bank.Ledger
{
    public class Posting
    {
        // breach: money/binary-floating-point
        public double Amount { get; set; }
        // near-miss: decimal is exact
        public decimal Fee { get; set; }
        // breach: money/binary-floating-point
        private float? _overdraftLimit;
        // near-miss: a load factor is no money
        private double balanceFactor;

        // breach: money/binary-floating-point
        public double Interest(decimal principal, int days)
        {
            // breach: money/binary-floating-point
            var exchangeRate = Convert.ToDouble("7.21");
            // near-miss: decimal literal
            var taxRate = 0.19m;
            // near-miss: time spent on payments
            double paymentDuration = 1.5;
            return exchangeRate;
        }
    }

    // breach: money/binary-floating-point
    public record Quote(string Pair, double Price);
}
