package com.bank.fees

fun splitFee(fee: BigDecimal, participants: List<Bank>): Map<Bank, BigDecimal> =
    // breach: money/split-remainder
    participants.associateWith { fee.multiply(it.share).setScale(2, RoundingMode.HALF_EVEN) }

fun allocateFee(fee: BigDecimal, participants: List<Bank>): Map<Bank, BigDecimal> {
    var left = fee
    return participants.mapIndexed { index, bank ->
        // near-miss: the last participant takes what is left
        val share = if (index == participants.lastIndex) left else fee.multiply(bank.share).setScale(2, RoundingMode.DOWN)
        left -= share
        bank to share
    }.toMap()
}
