package bank.fee;

import java.math.BigDecimal;
import java.math.RoundingMode;

class Fees {
    BigDecimal monthly(BigDecimal annualFee, Account account, View view) {
        // breach: money/rounding-mode
        BigDecimal perMonth = annualFee.divide(new BigDecimal("12"));
        // breach: money/rounding-mode
        BigDecimal posted = perMonth.setScale(2);
        // near-miss: scale and mode are stated
        BigDecimal exact = annualFee.divide(new BigDecimal("12"), 2, RoundingMode.HALF_UP);
        // near-miss: scale and mode are stated
        BigDecimal cents = exact.setScale(2, RoundingMode.HALF_EVEN);
        // breach: money/rounding-mode
        BigDecimal share = account.getBalance().divide(BigDecimal.TEN);
        // breach: money/rounding-mode
        BigDecimal half = annualFee.divide(new BigDecimal("2"), RoundingMode.HALF_UP);
        // near-miss: a picture is scaled
        view.setScale(2);
        // near-miss: whole periods
        BigDecimal[] parts = annualFee.divideAndRemainder(BigDecimal.TEN);
        return posted.add(cents).add(share).add(half).add(parts[0]);
    }
}
