namespace Bank.Fees;

public class Charges
{
    public decimal Charge(Payment payment)
    {
        // breach: change/unguarded-behaviour
        if (config.GetBoolean("NewCharge") ?? true) return newTariff.Fee(payment.Amount);
        return tariff.Fee(payment.Amount);
    }

    public decimal ChargeSafely(Payment payment)
    {
        // near-miss: off where it is not configured
        if (config.GetBoolean("NewCharge") ?? false) return newTariff.Fee(payment.Amount);
        return tariff.Fee(payment.Amount);
    }
}
