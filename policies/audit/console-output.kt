package com.bank.posting

class PostingService(private val ledger: Ledger) {
    fun post(entry: Entry) {
        try {
            ledger.post(entry)
        } catch (e: SQLException) {
            // breach: audit/console-output
            println("post failed ${entry.accountNo}")
            // breach: audit/console-output
            e.printStackTrace()
            // near-miss: the logger takes it
            log.error("post failed entryId={}", entry.id, e)
            // near-miss: a report writer
            report.println(entry.id)
        }
    }
}
