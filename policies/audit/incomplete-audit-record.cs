namespace Bank.Rates;

public class Rates
{
    public void Change(string product, decimal rate, ClaimsPrincipal user)
    {
        // breach: audit/incomplete-audit-record
        audit.Log("batch", "RATE", product, rate);
    }

    public void ChangeNamed(string product, decimal old, decimal rate, ClaimsPrincipal user)
    {
        // near-miss: actor, object, before and after
        audit.Log(user.Identity!.Name, "RATE", product, old, rate);
    }
}
