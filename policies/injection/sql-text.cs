namespace Bank.Ledger
{
    public class AcctDao
    {
        public IEnumerable<Acct> ByNumber(IDbConnection conn, AcctDto dto)
        {
            // breach: injection/sql-text
            return conn.Query<Acct>("SELECT * FROM Acct WHERE No = '" + dto.No + "'");
        }

        public SqlCommand Command(SqlConnection connection, string status)
        {
            // breach: injection/sql-text
            return new SqlCommand($"SELECT * FROM Acct WHERE Status = '{status}'", connection);
        }

        public void Text(DbCommand command, string branch)
        {
            var sql = "DELETE FROM Acct WHERE Branch = '" + branch + "'";
            // breach: injection/sql-text
            command.CommandText = sql;
        }

        public IEnumerable<Acct> Right(IDbConnection conn, AcctDto dto)
        {
            // near-miss: the value is bound
            return conn.Query<Acct>("SELECT No, Bal FROM Acct WHERE No = @no", new { no = dto.No });
        }

        public SqlCommand Page(SqlConnection connection, int limit)
        {
            // near-miss: a number carries no statement
            return new SqlCommand("SELECT * FROM Acct ORDER BY No OFFSET " + limit + " ROWS", connection);
        }
    }
}
