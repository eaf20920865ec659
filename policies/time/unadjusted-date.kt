package com.bank.deposit

class Maturities(private val calendar: HolidayCalendar) {
    fun open(deposit: Deposit, start: LocalDate, months: Long) {
        // breach: time/unadjusted-date
        deposit.maturityDate = start.plusMonths(months)
    }

    fun openAdjusted(deposit: Deposit, start: LocalDate, months: Long) {
        // near-miss: the next business day in the same month
        deposit.maturityDate = calendar.modifiedFollowing(start.plusMonths(months))
    }
}
