namespace Bank.Posting;

class PostingService
{
    void Credit(Account account, decimal amount)
    {
        try { _ledger.Credit(account, amount); }
        // breach: error/swallowed-exception
        catch (Exception) { }
    }

    void Refresh()
    {
        try { _rates.Refresh(); }
        // breach: error/swallowed-exception
        catch { }
    }

    void Save(Entry entry)
    {
        try
        {
            _repository.Save(entry);
        }
        // breach: error/swallowed-exception
        catch (DbUpdateException e)
        {
            _logger.LogError(e, "save failed");
        }
        _queue.Enqueue(entry);
    }

    void Translated(Account account, decimal amount)
    {
        try { _ledger.Credit(account, amount); }
        // near-miss: translated with its cause
        catch (DbException e) { throw new PostingException(account.Id, e); }
    }

    void Dispose()
    {
        try { _connection.Close(); }
        // near-miss: what is closed is needed no more
        catch { }
    }
}
