package com.bank.clearing

class Payouts(private val psp: PspClient) {
    suspend fun payOut(order: PayoutOrder) = retry(times = 3) {
        // breach: txn/unsafe-retry
        psp.createPayout(order.account, order.amount, key = UUID.randomUUID())
    }

    suspend fun payOutOnce(order: PayoutOrder) = retry(times = 3) {
        // near-miss: the order's own id is the key of each attempt
        psp.createPayout(order.account, order.amount, key = order.id)
    }
}
