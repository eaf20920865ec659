package com.bank.limits

class LimitGate(private val limitClient: LimitClient, private val ledger: Ledger) {
    fun debit(account: Account, amount: BigDecimal) {
        // breach: error/fail-open-control
        val allowed = runCatching { limitClient.check(account, amount) }.getOrDefault(true)
        if (allowed) ledger.debit(account, amount)
    }

    fun debitSafely(account: Account, amount: BigDecimal) {
        // near-miss: refused where nobody answers
        val allowed = runCatching { limitClient.check(account, amount) }.getOrDefault(false)
        if (allowed) ledger.debit(account, amount)
    }
}
