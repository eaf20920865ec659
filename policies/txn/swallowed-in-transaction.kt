package com.bank.settlement

class SettlementService(private val ledger: Ledger, private val fees: Fees) {
    @Transactional
    fun settle(batch: Batch) {
        ledger.postAll(batch.entries)
        try {
            fees.charge(batch)
        // breach: txn/swallowed-in-transaction
        } catch (e: FeeException) {
            log.warn("fee failed for {}", batch.id, e)
        }
    }

    fun settleLater(batch: Batch) {
        transaction {
            try {
                ledger.post(batch)
            // breach: txn/swallowed-in-transaction
            } catch (e: SQLException) {
                log.error("post failed", e)
            }
        }
    }

    @Transactional
    fun settleSafe(batch: Batch) {
        try {
            fees.charge(batch)
        // near-miss: thrown on
        } catch (e: FeeException) {
            throw SettlementException(batch.id, e)
        }
    }

    fun notifyAll(batch: Batch) {
        try {
            fees.charge(batch)
        // near-miss: no transaction here
        } catch (e: FeeException) {
            log.warn("fee failed", e)
        }
    }
}
