namespace Bank.Posting;

class PostingService
{
    void Post(Entry entry)
    {
        // breach: audit/console-output
        Console.WriteLine($"post {entry.AccountNo}");
        // breach: audit/console-output
        Console.Error.WriteLine("post failed");
        // near-miss: the logger takes it
        _logger.LogInformation("post {EntryId}", entry.Id);
        // near-miss: a writer of its own
        report.WriteLine(entry.Id);
    }
}
