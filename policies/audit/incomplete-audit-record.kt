package com.bank.limit

class Limits(private val audit: AuditTrail) {
    fun raise(customerNo: String, old: BigDecimal, new: BigDecimal, by: BankUser) {
        // breach: audit/incomplete-audit-record
        audit.record("limit raised to $new")
    }

    fun lower(customerNo: String, old: BigDecimal, new: BigDecimal, by: BankUser) {
        // near-miss: everything is named
        audit.record(by.id, "LIMIT_LOWERED", customerNo, old, new)
    }
}
