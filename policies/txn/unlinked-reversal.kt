package com.bank.refund

class Refunds(private val ledger: Ledger, private val payments: PaymentRepository) {
    // breach: txn/unlinked-reversal
    fun refund(command: RefundCommand) = ledger.credit(command.account, command.amount)

    @Transactional
    fun refundPart(command: RefundCommand) {
        // near-miss: a conditional update claims the amount on the original
        check(payments.addRefunded(command.originalId, command.amount) == 1) { "more than is left" }
        ledger.credit(payments.accountOf(command.originalId), command.amount)
    }
}
