namespace Bank.Payments;

class PaymentRepository
{
    void Send(long id)
    {
        // breach: txn/unchecked-row-count
        _connection.Execute("UPDATE payment SET status = 'SENT' WHERE id = @id AND status = 'APPROVED'", new { id });
    }

    void Reserve(SqlConnection connection, long id, decimal amount)
    {
        using var command = new SqlCommand("UPDATE acct SET balance = balance - @a WHERE acct_id = @id AND balance >= @a", connection);
        command.Parameters.AddWithValue("@id", id);
        // breach: txn/unchecked-row-count
        command.ExecuteNonQuery();
    }

    async Task Close(long id)
    {
        // breach: txn/unchecked-row-count
        await _context.Database.ExecuteSqlRawAsync("UPDATE acct SET closed = 1 WHERE acct_id = {0} AND status = 'OPEN' AND acct_no = @no", id);
    }

    void SendChecked(long id)
    {
        // near-miss: the count is compared
        var rows = _connection.Execute("UPDATE payment SET status = 'SENT' WHERE id = @id AND status = 'APPROVED'", new { id });
        if (rows != 1) throw new InvalidOperationException();
    }

    void Rename(long id, string name)
    {
        // near-miss: no business condition
        _connection.Execute("UPDATE payment SET label = @name WHERE id = @id", new { id, name });
    }
}
