package com.bank.posting

class PostingService(private val ledger: Ledger, private val entryRepository: EntryRepository) {
    fun credit(acct: Account, amount: BigDecimal) {
        try {
            ledger.credit(acct, amount)
        // breach: error/swallowed-exception
        } catch (ignore: Exception) {
        }
    }

    fun save(entry: Entry) {
        try {
            entryRepository.save(entry)
        // breach: error/swallowed-exception
        } catch (e: DataAccessException) {
            log.error("save failed", e)
        }
    }

    fun refresh() {
        try {
            rates.refresh()
        // breach: error/swallowed-exception
        } catch (e: Exception) {
        }
    }

    fun translated(acct: Account, amount: BigDecimal) {
        try {
            ledger.credit(acct, amount)
        // near-miss: translated with its cause
        } catch (e: DataAccessException) {
            throw PostingException(acct, e)
        }
    }

    fun close(connection: Connection) {
        try {
            connection.close()
        // near-miss: what is closed is needed no more
        } catch (e: SQLException) {
        }
    }
}
