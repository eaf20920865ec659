package com.bank.analytics

class Tracking(private val analytics: AnalyticsClient) {
    fun loanApplied(customer: Customer, loan: Loan) {
        // breach: data/outbound-personal-data
        analytics.track("loan_applied", mapOf("phone" to customer.mobile, "income" to customer.income))
    }

    fun loanAppliedAnonymously(customer: Customer, loan: Loan) {
        // near-miss: a random id and a band in place of phone and income
        analytics.track("loan_applied", mapOf("visitor" to randomId(), "band" to customer.income.band()))
    }
}
