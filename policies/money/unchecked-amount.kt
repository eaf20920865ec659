package com.bank.cards.web

@RestController
class TopUpController(private val wallets: WalletService) {
    @PostMapping("/topups")
    fun topUp(@RequestBody body: TopUp): Receipt {
        // breach: money/unchecked-amount
        wallets.credit(body.walletId, body.amount)
        return Receipt.ok()
    }

    @PostMapping("/payouts")
    fun payOut(@RequestBody body: PayOut): Receipt {
        // near-miss: refused where it is not positive
        require(body.amount > BigDecimal.ZERO && body.amount.scale() <= 2) { "amount" }
        wallets.debit(body.walletId, body.amount)
        return Receipt.ok()
    }
}
