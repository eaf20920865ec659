package com.bank.payment

class RefundListener(private val ledger: Ledger, private val claims: ReferenceClaims) {
    @RabbitListener(queues = ["refunds"])
    fun onRefund(refund: RefundOrdered) {
        // breach: txn/missing-idempotency
        ledger.credit(refund.accountNo, refund.amount)
    }

    @RabbitListener(queues = ["fees"])
    @Transactional
    fun onFee(fee: FeeOrdered) {
        // near-miss: claimed under a unique key; a repeat ends here
        if (!claims.insertIfAbsent(fee.messageId)) return
        ledger.debit(fee.accountNo, fee.amount)
    }
}
