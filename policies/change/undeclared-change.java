package com.bank.fees;

class Fees {
    // breach: change/undeclared-change
    private static final BigDecimal MIN_FEE = new BigDecimal("0.00");

    // near-miss: CHG-2026-0777: tariff 2026-07, section 3
    private static final BigDecimal MAX_FEE = new BigDecimal("25.00");

    // not-asked: a text
    private static final String FEE_LABEL = "Fee";

    // not-asked: no constant
    private BigDecimal fee = BigDecimal.ZERO;
}
