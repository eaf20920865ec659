package com.bank.payment;

class PaymentApproval {
    void approve(Long paymentId, String approverId) {
        Payment payment = payments.get(paymentId);
        // breach: auth/maker-checker
        payment.setApprover(approverId);
        payment.setStatus(Status.APPROVED);
        payments.save(payment);
    }

    void changeAmount(Long paymentId, BigDecimal amount) {
        Payment payment = payments.get(paymentId);
        if (payment.getStatus() == Status.EXECUTED) throw new TooLateException();
        // breach: auth/maker-checker
        payment.setAmount(amount); // an approved one stays approved
        payments.save(payment);
    }

    @PreAuthorize("hasAuthority('PAYMENT_APPROVE')")
    void approveBySecond(Long paymentId, int version) {
        BankUser checker = session.currentUser();
        Payment payment = payments.lock(paymentId);
        // near-miss: the maker is refused
        if (payment.getMaker().equals(checker.getUserId())) throw new SelfApprovalException(paymentId);
        payment.approve(checker.getUserId(), version);
        payments.save(payment);
    }

    // not-asked: lists, approves nothing
    List<Payment> pending() { return payments.findByStatus(Status.PENDING_APPROVAL); }
}
