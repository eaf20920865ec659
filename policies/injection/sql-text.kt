package com.bank.ledger.dao

class AcctDao(private val jdbcTemplate: JdbcTemplate) {
    fun byOwner(statement: Statement, cif: String): ResultSet {
        // breach: injection/sql-text
        return statement.executeQuery("SELECT * FROM acct WHERE owner_id = '${cif}'")
    }

    fun search(payee: String): List<Txn> {
        // breach: injection/sql-text
        return jdbcTemplate.query("SELECT * FROM txn WHERE payee = '" + payee + "'", MAPPER)
    }

    fun right(payee: String): List<Txn> {
        // near-miss: the value is bound
        return jdbcTemplate.query("SELECT * FROM txn WHERE payee = ?", MAPPER, payee)
    }

    fun page(limit: Int): List<Txn> {
        // near-miss: a number carries no statement
        return jdbcTemplate.query("SELECT * FROM txn LIMIT " + limit, MAPPER)
    }
}
