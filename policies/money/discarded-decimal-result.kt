package bank.account

import java.math.BigDecimal

class Postings(private val entries: MutableList<BigDecimal>) {
    fun debit(account: Account, amount: BigDecimal, fee: BigDecimal) {
        // breach: money/discarded-decimal-result
        amount.add(fee)
        // near-miss: a list changes
        entries.add(amount)
        if (fee.signum() > 0) {
            // breach: money/discarded-decimal-result
            fee.negate()
        }
        // near-miss: the result is kept
        val total = amount.add(fee)
        // near-miss: the last value of a lambda is its result
        val sums = entries.map { fee.add(it) }
        account.balance = total
    }

    // near-miss: an expression body
    fun net(amount: BigDecimal, fee: BigDecimal) = amount.subtract(fee)
}
