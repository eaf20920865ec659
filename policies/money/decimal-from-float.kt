package bank.loan

import java.math.BigDecimal

class Rates(private val quoted: Double, private val text: String) {
    // breach: money/decimal-from-float
    val rate = BigDecimal(0.035)
    // near-miss: from text
    val tax = BigDecimal("0.19")

    fun fee(days: Int): BigDecimal {
        // breach: money/decimal-from-float
        val parsed = BigDecimal(text.toDouble())
        // near-miss: text
        val exact = BigDecimal(text)
        // near-miss: valueOf takes the shortest text of the double
        val shown = BigDecimal.valueOf(12, 2)
        // breach: money/decimal-from-float
        return parsed.add(BigDecimal(quoted)).add(exact).add(shown)
    }
}
