package com.bank.batch

class FeeJob(private val fees: FeeService, private val control: BatchControl) {
    @Scheduled(cron = "0 0 1 * * *")
    fun runFees() {
        val today = LocalDate.now()
        // breach: batch/repeated-run
        fees.chargeFees(today)
    }

    @Scheduled(cron = "0 0 2 * * *")
    fun runInterest(today: LocalDate) {
        // near-miss: a conditional update of the control row
        if (control.start("INTEREST", today) == 1) fees.postInterest(today)
    }
}
