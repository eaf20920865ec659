package com.bank.payment;

class PaymentListener {
    @KafkaListener(topics = "payment-instructions")
    void onInstruction(PaymentInstruction instruction) {
        // breach: txn/missing-idempotency
        ledger.post(instruction.getDebit(), instruction.getCredit(), instruction.getAmount());
    }

    @PostMapping("/payments")
    Receipt pay(@RequestBody PayCommand command) {
        if (payments.existsByRequestId(command.getRequestId())) return receipts.of(command.getRequestId());
        // breach: txn/missing-idempotency
        return payments.execute(command.getPayer(), command.getPayee(), command.getAmount());
    }

    @Transactional
    @PostMapping("/transfers")
    Receipt transfer(@RequestBody TransferCommand command) {
        // near-miss: the reference is claimed under a unique key, in the same transaction
        if (!references.insertIfAbsent(command.getChannel(), command.getRequestId())) return receipts.of(command.getRequestId());
        return ledger.transfer(command.getPayer(), command.getPayee(), command.getAmount());
    }

    @KafkaListener(topics = "approved-loans")
    @Transactional
    void disburse(LoanApproved event) {
        // near-miss: only the first one moves the status on
        if (loans.markDisbursed(event.loanId(), Status.APPROVED) != 1) return;
        ledger.credit(event.account(), event.amount());
    }

    // not-asked: reads only
    @GetMapping("/payments/{id}")
    PaymentView show(@PathVariable String id) { return views.of(payments.byId(id)); }
}
