// stands-for: src/main/kotlin/com/bank/transfer/api/Messages.kt
package com.bank.transfer.api

// breach: api/incompatible-interface
enum class TransferCommandStatus { PENDING, BOOKED }

// near-miss: a default for callers that do not know it
data class TransferCommand(val payer: String, val amount: BigDecimal, val channel: String = "UNKNOWN")
