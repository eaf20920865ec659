package com.bank.clearing

class Payouts(private val client: PartnerClient, private val payouts: PayoutRepository) {
    fun send(payout: Payout) = try {
        client.payOut(payout)
        payouts.mark(payout.id, PayoutStatus.SENT)
    } catch (e: IOException) {
        // breach: txn/timeout-as-failure
        payouts.mark(payout.id, PayoutStatus.FAILED)
    }

    fun sendSafely(payout: Payout) = try {
        client.payOut(payout)
        payouts.mark(payout.id, PayoutStatus.SENT)
    } catch (e: RefusedByPartner) {
        payouts.mark(payout.id, PayoutStatus.REJECTED)
    } catch (e: IOException) {
        // near-miss: in doubt until reconciliation; nothing has failed yet
        payouts.mark(payout.id, PayoutStatus.IN_DOUBT)
    }
}
