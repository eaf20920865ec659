namespace Bank.Cards;

public class PinService
{
    public bool Verify(Card card, string pin)
    {
        // breach: data/clear-pin
        return card.Pin == pin;
    }

    public bool VerifyByHsm(Card card, byte[] pinBlock)
    {
        // near-miss: the HSM decides
        return hsm.VerifyPinBlock(pinBlock, card.Pan, card.Pvv) == HsmResult.Approved;
    }
}
