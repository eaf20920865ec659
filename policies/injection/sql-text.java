package com.bank.ledger.dao;

public class AcctDao {
    private static final String TABLE = "acct";

    ResultSet byOwner(Statement statement, HttpServletRequest request) throws SQLException {
        String sql = "SELECT * FROM acct WHERE owner_id = '" + request.getParameter("cif") + "'";
        // breach: injection/sql-text
        return statement.executeQuery(sql);
    }

    List<Txn> search(String payee, String order) {
        StringBuilder text = new StringBuilder("SELECT * FROM txn WHERE payee LIKE '");
        text.append(payee).append("'");
        // breach: injection/sql-text
        return jdbcTemplate.query(text.toString(), MAPPER);
    }

    List<Acct> hql(String branch) {
        // breach: injection/sql-text
        return entityManager.createQuery("from Acct a where a.branch = '" + branch + "'").getResultList();
    }

    PreparedStatement formatted(Connection connection, String status) throws SQLException {
        // breach: injection/sql-text
        return connection.prepareStatement(String.format("SELECT * FROM acct WHERE status = '%s'", status));
    }

    PreparedStatement right(Connection connection, String owner) throws SQLException {
        // near-miss: the value is bound
        PreparedStatement ps = connection.prepareStatement("SELECT acct_no, bal FROM acct WHERE owner_id = ?");
        ps.setString(1, owner);
        return ps;
    }

    PreparedStatement constants(Connection connection) throws SQLException {
        // near-miss: every part is constant
        return connection.prepareStatement("SELECT acct_no FROM " + TABLE + " WHERE status = ?");
    }

    ResultSet page(Statement statement, int limit) throws SQLException {
        // near-miss: a number carries no statement
        return statement.executeQuery("SELECT acct_no FROM acct LIMIT " + limit);
    }

    void run(Executor executor, String name) {
        // near-miss: no statement at all
        executor.execute("job " + name);
    }
}
