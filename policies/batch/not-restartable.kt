package com.bank.batch

class FeeBatch(private val accounts: AccountRepository) {
    fun runBatch(day: LocalDate) {
        for (account in accounts.findAll()) {
            account.chargeFee()
            // breach: batch/not-restartable
            accounts.save(account)
        }
    }

    fun runBatchOnce(day: LocalDate) {
        for (account in accounts.findByFeeDateBefore(day)) {
            // near-miss: the date that is saved leaves it out next time
            accounts.save(account.withFeeOn(day))
        }
    }
}
