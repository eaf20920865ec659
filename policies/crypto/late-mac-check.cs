namespace Bank.Callbacks;

public class CallbackHandler
{
    public void Handle(byte[] body, byte[] mac)
    {
        // breach: crypto/late-mac-check
        if (!HMACSHA256.HashData(key, body).SequenceEqual(mac)) throw new RejectedException();
        payments.Confirm(Parse(body));
    }

    public void HandleFixedTime(byte[] body, byte[] mac)
    {
        // near-miss: compared in fixed time
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, body), mac)) throw new RejectedException();
        payments.Confirm(Parse(body));
    }
}
