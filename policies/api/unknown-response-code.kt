package com.bank.clearing

fun outcome(reply: PaymentReply): Outcome = when (reply.code) {
    "E01", "E02" -> Outcome.FAILED
    // breach: api/unknown-response-code
    else -> Outcome.SUCCESS
}

fun listedOutcome(reply: PaymentReply): Outcome = when (reply.code) {
    "0000" -> Outcome.SUCCESS
    "E01", "E02" -> Outcome.FAILED
    // near-miss: unlisted is unknown
    else -> Outcome.UNKNOWN
}
