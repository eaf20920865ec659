namespace Bank.Batch;

public class SettlementJob : IJob
{
    public async Task Execute(IJobExecutionContext context)
    {
        var day = DateOnly.FromDateTime(clock.Today);
        // breach: batch/repeated-run
        await settlement.SendFileAsync(day, fee: tariff.SettlementFee);
    }
}

public class InterestJob : IJob
{
    public async Task Execute(IJobExecutionContext context)
    {
        var day = DateOnly.FromDateTime(clock.Today);
        // near-miss: the unique key refuses the second run
        db.BatchControls.Add(new BatchControl("INTEREST", day));
        await db.SaveChangesAsync();
        await interest.PostInterestAsync(day);
    }
}
