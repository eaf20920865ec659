package com.bank.payment

class Confirmations(private val codes: CodeStore, private val payments: Payments) {
    fun send(user: BankUser, payment: Payment) {
        // breach: auth/unbound-approval
        codes.put("otp:${user.phone}", randomCode())
    }

    fun sendFor(pending: PendingPayment) {
        // near-miss: keyed by the pending payment and its content, for three minutes
        codes.put("otp:${pending.id}:${pending.contentHash}", randomCode(), ttl = Duration.ofMinutes(3))
    }
}
