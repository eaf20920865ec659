package bank.interest

import java.math.BigDecimal
import java.math.RoundingMode

fun accrue(principal: BigDecimal, annualRate: BigDecimal, days: Long, basis: BigDecimal): BigDecimal {
    val interest = principal.multiply(annualRate)
        .multiply(BigDecimal.valueOf(days))
        // breach: money/day-count-literal
        .divide(BigDecimal("36500"), 2, RoundingMode.HALF_UP)
    // near-miss: the contracted basis
    val agreed = principal.multiply(annualRate).divide(basis, 2, RoundingMode.HALF_UP)
    return interest.add(agreed)
}

// breach: money/day-count-literal
fun dailyRate(annualRate: Double) = annualRate / 365

// near-miss: degrees
fun turns(angle: Double) = angle / 360
