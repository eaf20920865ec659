package com.bank.eod

class DayEnd(private val accounts: AccountRepository, private val gate: DaySwitchGate) {
    fun closeDay(snapshot: List<Account>) {
        // breach: batch/end-of-day-collision
        snapshot.forEach { accounts.updateBalance(it.number, it.balance + it.accrued) }
    }

    fun closeDayByDifference(snapshot: List<Account>) {
        // near-miss: only the difference is added to whatever the balance is now
        snapshot.forEach { accounts.addToBalance(it.number, it.accrued); accounts.updateEodMark(it.number) }
    }
}
