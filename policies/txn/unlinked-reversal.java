package com.bank.refund;

class Refunds {
    void refund(RefundCommand command) {
        // breach: txn/unlinked-reversal
        ledger.post(Entry.credit(command.getAccount(), command.getAmount(), "REFUND"));
    }

    @Transactional
    void reverse(String reference) {
        Payment original = payments.byReference(reference);
        // breach: txn/unlinked-reversal
        ledger.post(Entry.contraOf(original, original.getAmount()));
        original.setStatus(Status.REVERSED);
    }

    @Transactional
    void refundPart(RefundCommand command) {
        Payment original = payments.lockByReference(command.getOriginalRef());
        BigDecimal left = original.getAmount().subtract(original.getRefunded());
        if (original.isReversed() || command.getAmount().compareTo(left) > 0) throw new RefundRefusedException(original.getId());
        // near-miss: locked, not yet reversed, within what is left
        ledger.post(Entry.contraOf(original, command.getAmount()));
        original.addRefunded(command.getAmount());
    }

    // not-asked: a getter
    BigDecimal getRefundedAmount() { return refundedAmount; }
}
