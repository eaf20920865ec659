package com.bank.payment

const val SEND = "UPDATE payment SET status = 'SENT' WHERE id = ? AND status = 'APPROVED'"

class PaymentRepository(private val jdbc: JdbcTemplate) {
    fun send(id: Long) {
        // breach: txn/unchecked-row-count
        jdbc.update("UPDATE payment SET status = 'SENT' WHERE id = ? AND status = 'APPROVED'", id)
        queue.enqueue(id)
    }

    fun reserve(id: Long, amount: BigDecimal) {
        // breach: txn/unchecked-row-count
        jdbc.update("UPDATE acct SET balance = balance - ? WHERE acct_id = ? AND balance >= ?", amount, id, amount)
    }

    fun sendChecked(id: Long) {
        // near-miss: the count is compared
        val rows = jdbc.update("UPDATE payment SET status = 'SENT' WHERE id = ? AND status = 'APPROVED'", id)
        check(rows == 1) { "payment $id was not approved" }
    }

    fun rename(id: Long, name: String) {
        // near-miss: no business condition
        jdbc.update("UPDATE payment SET label = ? WHERE id = ?", name, id)
    }
}
