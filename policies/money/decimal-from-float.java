package bank.loan;

import java.math.BigDecimal;
import java.sql.ResultSet;

class Rates {
    // breach: money/decimal-from-float
    static final BigDecimal RATE = new BigDecimal(0.035);
    // near-miss: from text
    static final BigDecimal TAX = new BigDecimal("0.19");
    // near-miss: one half is exact in binary
    static final BigDecimal HALF = new BigDecimal(0.5);
    // near-miss: an integer
    static final BigDecimal HUNDRED = new BigDecimal(100);

    BigDecimal read(ResultSet row, double quoted, String text, int days) throws Exception {
        // breach: money/decimal-from-float
        BigDecimal fee = new BigDecimal(row.getDouble("fee"));
        // near-miss: the driver's decimal
        BigDecimal amount = row.getBigDecimal("amount");
        // breach: money/decimal-from-float
        BigDecimal rate = new BigDecimal(quoted);
        // breach: money/decimal-from-float
        BigDecimal daily = new BigDecimal(quoted / days);
        // breach: money/decimal-from-float
        BigDecimal parsed = new BigDecimal(Double.parseDouble(text));
        // near-miss: text
        BigDecimal exact = new BigDecimal(text);
        // near-miss: a count
        return fee.multiply(new BigDecimal(days));
    }
}

class Quotes {
    java.math.BigDecimal of(float quoted, double exact) {
        // breach: money/decimal-from-float
        BigDecimal widened = BigDecimal.valueOf(quoted);
        // near-miss: valueOf takes the shortest text of a double
        return widened.add(BigDecimal.valueOf(exact));
    }
}
