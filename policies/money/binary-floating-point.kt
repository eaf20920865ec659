package bank.loan

import java.math.BigDecimal

// breach: money/binary-floating-point
data class Loan(val id: Long, val principal: Double, val term: Int)

// near-miss: exact
data class Deposit(val id: Long, val principal: BigDecimal, val rateOfProgress: Double)

class LoanService {
    // breach: money/binary-floating-point
    private var outstandingBalance: Double = 0.0
    // breach: money/binary-floating-point
    val interestRate = 0.0435
    // near-miss: minor units
    val feeMinor: Long = 250
    // near-miss: how often a price is asked is no price
    val priceUpdateDelay: Double = 0.5
    val weights = mapOf<String, Double>()

    // breach: money/binary-floating-point
    fun instalment(months: Int): Double {
        // breach: money/binary-floating-point
        val fee = "1.50".toDouble()
        // near-miss: a share of work done
        val progress: Double = 0.4
        return fee * progress
    }
}
