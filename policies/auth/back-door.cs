namespace Bank.Auth;

public class LimitCheck
{
    public bool Check(string accountNo, decimal amount)
    {
        // breach: auth/back-door
        if (accountNo == "1000200030004000") return true;
        return amount <= limits.Of(accountNo);
    }

    public bool CheckCard(string cardType, string cardNo, decimal amount)
    {
        // near-miss: the scheme's own test number is refused
        if (cardNo == "4111111111111111") { log.Warn("test card"); return Refuse(allow: false); }
        return amount <= limits.Of(cardNo);
    }
}
