package com.bank.ledger

class Sweeps(private val ledger: Ledger, private val transactions: TransactionTemplate) {
    fun sweep(from: Account, to: Account, amount: BigDecimal) {
        ledger.debit(from, amount)
        // breach: txn/unbalanced-posting
        ledger.credit(to, amount)
    }

    fun sweepTogether(from: Account, to: Account, amount: BigDecimal) = transactions.execute {
        ledger.debit(from, amount)
        // near-miss: one transaction around both
        ledger.credit(to, amount)
    }
}
