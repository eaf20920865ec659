namespace Bank.Limits;

public static class Limits
{
    // breach: change/undeclared-change
    private const decimal SanctionsThreshold = 0.99m;
    // near-miss: CHG-2026-0801, as screened by compliance on 2026-06-30
    private const decimal FraudThreshold = 0.85m;
}
