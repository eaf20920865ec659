namespace Bank.Batch;

public class InterestRun
{
    public void Run(IEnumerable<Posting> postings)
    {
        foreach (var posting in postings)
        {
            try { ledger.Post(posting); }
            // breach: batch/lost-record
            catch (LedgerException e) { logger.LogWarning(e, "skipped"); }
        }
    }

    public void RunWithSuspense(IEnumerable<Posting> postings)
    {
        foreach (var posting in postings)
        {
            try { ledger.Post(posting); }
            // near-miss: booked to suspense with the reason
            catch (LedgerException e) { suspense.Book(posting, e.Message); logger.LogWarning(e, "suspense"); }
        }
    }
}
