package com.bank.batch

class Payroll(private val ledger: Ledger, private val rejects: Rejects) {
    fun payAll(payments: List<Payment>) {
        for (payment in payments) {
            // breach: batch/lost-record
            try { ledger.credit(payment.account, payment.amount) } catch (e: LedgerException) { continue }
        }
    }

    fun payAllOrReject(payments: List<Payment>) {
        for (payment in payments) {
            // near-miss: each failure is stored
            try { ledger.credit(payment.account, payment.amount) } catch (e: LedgerException) { rejects.store(payment, e.message); continue }
        }
    }
}
