package com.bank.batch

class ClearingFile(private val ledger: Ledger) {
    fun post(file: File) = file.forEachLine { line ->
        // breach: batch/missing-control-totals
        ledger.postPayment(parse(line))
    }

    fun postChecked(file: File) {
        val (payments, trailer) = parseAll(file.readLines().also { require(it.isNotEmpty()) })
        // near-miss: a difference rejects the file
        require(payments.size == trailer.count && payments.sumOf { it.amount } == trailer.amount) { "totals" }
        file.useLines { payments.forEach(ledger::postPayment) }
        ledger.applyPayments(payments)
    }
}
