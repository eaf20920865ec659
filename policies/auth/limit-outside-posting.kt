package com.bank.limit

class Transfers(private val limits: LimitRepository, private val ledger: Ledger) {
    fun transfer(from: Account, to: Account, amount: BigDecimal) {
        // breach: auth/limit-outside-posting
        if (limits.usedToday(from.customerNo) + amount > from.dailyLimit) throw LimitExceeded()
        ledger.transfer(from, to, amount)
    }

    @Transactional
    fun transferWithin(from: Account, to: Account, amount: BigDecimal) {
        val limit = limits.lockByCustomerNo(from.customerNo)
        // near-miss: the row is locked until the commit
        if (limit.usedToday + amount > from.dailyLimit) throw LimitExceeded()
        limit.usedToday += amount
        ledger.transfer(from, to, amount)
    }
}
