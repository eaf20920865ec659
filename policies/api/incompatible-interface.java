// stands-for: src/main/java/com/bank/transfer/api/TransferRequest.java
package com.bank.transfer.api;

public record TransferRequest(
    @NotBlank String payer,
    // breach: api/incompatible-interface
    @NotNull BigDecimal amountInCents,
    String purpose) { }

record TransferEvent(
    @JsonProperty("id") String id,
    // near-miss: optional; an old reader ignores it, an old writer leaves it out
    @JsonProperty("channel") Optional<String> channel) { }
