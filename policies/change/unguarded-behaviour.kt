package com.bank.fees

class Rounding(private val flags: FeatureFlags) {
    // breach: change/unguarded-behaviour
    fun round(fee: BigDecimal) = if (flags.getBoolean("new-rounding", default = true)) half(fee) else up(fee)

    // near-miss: off where it is not configured; to be removed after 2026-12
    fun roundFee(fee: BigDecimal) = if (flags.getBoolean("fee-rounding", default = false)) half(fee) else up(fee)
}
