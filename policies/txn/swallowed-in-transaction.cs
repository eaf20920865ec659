namespace Bank.Settlement;

class SettlementService
{
    void Settle(Batch batch)
    {
        using var tx = _connection.BeginTransaction();
        try { PostEntries(_connection, tx, batch); }
        // breach: txn/swallowed-in-transaction
        catch (SqlException ex) { _log.LogWarning(ex, "post failed"); }
        tx.Commit();
    }

    void SettleScope(Batch batch)
    {
        using (var scope = new TransactionScope())
        {
            try
            {
                _ledger.Post(batch);
            }
            // breach: txn/swallowed-in-transaction
            catch (Exception)
            {
                _failures++;
            }
            scope.Complete();
        }
    }

    void SettleSafe(Batch batch)
    {
        using var tx = _connection.BeginTransaction();
        try
        {
            PostEntries(_connection, tx, batch);
            tx.Commit();
        }
        // near-miss: rolled back and thrown on
        catch
        {
            tx.Rollback();
            throw;
        }
    }

    bool SettleOrNot(Batch batch)
    {
        using var tx = _connection.BeginTransaction();
        try { PostEntries(_connection, tx, batch); }
        // near-miss: the transaction is left without commit
        catch (SqlException) { return false; }
        tx.Commit();
        return true;
    }
}
