package com.bank.limits

// breach: change/undeclared-change
const val DAILY_LIMIT = 5_000_000L
// near-miss: tariff 2026-07, CHG-2026-0777
const val CASH_LIMIT = 2_000L
