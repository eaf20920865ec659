namespace Bank.Syndication;

public class Distribution
{
    public void Distribute(decimal interest, IList<Lender> lenders)
    {
        foreach (var lender in lenders)
        {
            // breach: money/split-remainder
            lender.Credit(Math.Round(interest * lender.Share / 100m, 2));
        }
    }

    public void DistributeAll(decimal interest, IList<Lender> lenders)
    {
        var left = interest;
        foreach (var lender in lenders.Skip(1))
        {
            var share = Math.Round(interest * lender.Share / 100m, 2, MidpointRounding.ToZero);
            left -= share;
            lender.Credit(share);
        }
        // near-miss: the lead bank takes the remainder
        lenders[0].Credit(left);
    }
}
