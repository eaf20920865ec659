package com.bank.limit;

class LimitCheck {
    // breach: txn/dirty-read
    @Transactional(isolation = Isolation.READ_UNCOMMITTED)
    public boolean covers(String accountNo, BigDecimal amount) {
        return balance(accountNo).compareTo(amount) >= 0;
    }

    // near-miss: the default level
    @Transactional(isolation = Isolation.READ_COMMITTED)
    public BigDecimal balance(String accountNo) {
        // breach: txn/dirty-read
        String sql = "SELECT available_balance FROM account WITH (NOLOCK) WHERE account_no = ?";
        // near-miss: the row is locked
        String locked = "SELECT available_balance FROM account WITH (UPDLOCK) WHERE account_no = ?";
        // near-miss: no money is decided on the list of branches
        String branches = "SELECT branch_name FROM branch WITH (NOLOCK)";
        // breach: txn/dirty-read
        String joined = "SELECT hold_amount FROM account_hold h "
                + "WITH (NOLOCK) WHERE h.account_no = ?";
        // breach: txn/dirty-read
        String block = """
                SELECT available_balance
                  FROM account
                 WHERE account_no = ?
                  WITH UR
                """;
        return jdbc.queryForObject(sql, BigDecimal.class, accountNo);
    }

    void open(Connection connection) throws SQLException {
        // breach: txn/dirty-read
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
        // near-miss: a stricter level
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        // near-miss: the level is only compared
        if (connection.getTransactionIsolation() == Connection.TRANSACTION_READ_UNCOMMITTED) {
            throw new IllegalStateException("READ_UNCOMMITTED");
        }
    }
}
