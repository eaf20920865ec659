package bank.fee

import java.math.BigDecimal
import java.math.RoundingMode

fun monthly(annualFee: BigDecimal, months: BigDecimal): BigDecimal {
    // breach: money/rounding-mode
    val perMonth = annualFee.divide(months)
    // breach: money/rounding-mode
    val quotient = annualFee / months
    // near-miss: scale and mode are stated
    val exact = annualFee.divide(months, 2, RoundingMode.HALF_UP)
    // breach: money/rounding-mode
    val posted = exact.setScale(2)
    // near-miss: scale and mode are stated
    return posted.add(perMonth).add(quotient).setScale(2, RoundingMode.HALF_UP)
}

// near-miss: integers
fun half(count: Int): Int = count / 2
