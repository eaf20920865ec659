package com.bank.transfer

class Transfers(private val accounts: AccountRepository) {
    fun transfer(payer: Account, payee: Account, amount: BigDecimal) {
        synchronized(payer) {
            // breach: txn/lock-order
            synchronized(payee) { payer.debit(amount); payee.credit(amount) }
        }
    }

    fun transferSorted(payer: Account, payee: Account, amount: BigDecimal) {
        val (first, second) = listOf(payer, payee).sortedBy { it.number }
        synchronized(first) {
            // near-miss: sorted by number first
            synchronized(second) { payer.debit(amount); payee.credit(amount) }
        }
    }
}
