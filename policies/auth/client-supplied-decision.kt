package com.bank.fee.web

class FeeController(private val fees: FeeTable, private val ledger: Ledger) {
    @PostMapping("/fees")
    fun charge(@RequestBody body: ChargeFee) {
        // breach: auth/client-supplied-decision
        if (body.fee > BigDecimal.ZERO) ledger.debit(body.account, body.fee)
    }

    @PostMapping("/tariff-fees")
    fun chargeByTariff(@RequestBody body: ChargeFee) {
        val fee = fees.of(body.product)
        // near-miss: only compared with the tariff
        if (body.fee != fee) throw FeeMismatch(body.fee, fee)
        ledger.debit(body.account, fee)
    }
}
