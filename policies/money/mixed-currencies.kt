package com.bank.credit

class Positions(private val fx: FxRates) {
    fun net(trades: List<Trade>): BigDecimal =
        // breach: money/mixed-currencies
        trades.fold(BigDecimal.ZERO) { sum, trade -> sum + trade.settlementAmount }

    fun netIn(trades: List<Trade>, currency: Currency): BigDecimal =
        // near-miss: only trades of one currency are left
        trades.filter { it.currency == currency }.fold(BigDecimal.ZERO) { sum, trade -> sum + trade.settlementAmount }
}
