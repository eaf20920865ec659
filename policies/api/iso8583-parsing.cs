namespace Bank.Cards;

public class Iso8583Handler
{
    public void OnResponse(IsoMessage response)
    {
        // breach: api/iso8583-parsing
        var approved = response.GetField(39) is null or "00";
        matcher.Complete(response, approved);
    }

    public void OnCheckedResponse(IsoMessage response)
    {
        // near-miss: an absent code declines
        var approved = response.GetField(39) == "00";
        matcher.Complete(MatchKey.Of(response), approved);
    }
}
