namespace Bank.Batch;

public class PayrollFile
{
    public void Process(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            // breach: batch/missing-control-totals
            ledger.CreditPayment(Parse(line));
        }
    }

    public void Stage(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            // near-miss: only staged; posting waits for the totals
            staging.InsertPayment(Parse(line));
        }
    }
}
