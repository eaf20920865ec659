namespace Bank.Eod;

public class SettlementJob
{
    public void Run(string batch)
    {
        // breach: concurrency/unsafe-distributed-lock
        if (redis.StringSet($"settle:{batch}", "1", when: When.NotExists)) Settle(batch);
        redis.KeyDelete($"settle:{batch}");
    }

    public void RunGuarded(string batch, string token)
    {
        if (!redis.LockTake($"settle:{batch}", token, TimeSpan.FromMinutes(5))) return;
        // near-miss: the batch row moves on only once
        if (batches.MarkSettling(batch) == 1) Settle(batch);
        redis.LockRelease($"settle:{batch}", token);
    }
}
