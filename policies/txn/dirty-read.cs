namespace Bank.Limits;

class LimitCheck
{
    decimal Balance(SqlConnection connection, string accountNo)
    {
        // breach: txn/dirty-read
        using var tx = connection.BeginTransaction(IsolationLevel.ReadUncommitted);
        // breach: txn/dirty-read
        var sql = "SELECT AvailableBalance FROM Account WITH (NOLOCK) WHERE AccountNo = @no";
        // breach: txn/dirty-read
        var verbatim = @"SELECT Amount
            FROM dbo.Payment AS p WITH (NOLOCK)
            WHERE PaymentNo = @no";
        // near-miss: no money is decided on the list of branches
        var branches = "SELECT Name FROM Branch WITH (NOLOCK)";
        return connection.ExecuteScalar<decimal>(sql, new { no = accountNo }, tx);
    }

    void Scope()
    {
        // breach: txn/dirty-read
        var options = new TransactionOptions { IsolationLevel = IsolationLevel.ReadUncommitted };
        // near-miss: a stricter level
        var strict = new TransactionOptions { IsolationLevel = IsolationLevel.Serializable };
        // near-miss: the level is only compared
        if (Current.IsolationLevel == IsolationLevel.ReadUncommitted) throw new InvalidOperationException();
    }
}
