package bank.interest;

import java.math.BigDecimal;
import java.math.RoundingMode;

class Accrual {
    // breach: money/day-count-literal
    private static final BigDecimal DAYS_IN_YEAR = new BigDecimal("365");
    // near-miss: how long a session lives
    private static final int MAX_DAYS = 365;

    BigDecimal accrue(BigDecimal principal, BigDecimal annualRate, long days, Product product) {
        BigDecimal interest = principal.multiply(annualRate)
            .multiply(BigDecimal.valueOf(days))
            // breach: money/day-count-literal
            .divide(new BigDecimal("365"), 2, RoundingMode.HALF_UP);
        // near-miss: the basis of the product
        BigDecimal agreed = principal.multiply(annualRate).divide(product.dayBasis(), 2, RoundingMode.HALF_UP);
        // near-miss: percent
        BigDecimal rate = annualRate.divide(new BigDecimal("100"), 8, RoundingMode.HALF_UP);
        return interest.add(agreed).add(rate);
    }

    double daily(double annualRate, double angle) {
        // near-miss: a full turn
        double turns = angle / 360;
        // breach: money/day-count-literal
        double dailyRate = annualRate / 365;
        // breach: money/day-count-literal
        return annualRate / 100 / 360.0 + dailyRate + turns;
    }
}
