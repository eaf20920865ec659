package com.bank.loan;

class LoanApproval {
    @Transactional
    void approve(Long loanId) {
        loans.markApproved(loanId);
        // breach: txn/message-without-outbox
        kafkaTemplate.send("loan-approved", loanId.toString());
    }

    @Transactional
    void reject(Long loanId) {
        loans.markRejected(loanId);
        // near-miss: an outbox row in the same transaction
        outboxEvents.publish(outbox.save(new OutboxEvent("loan-rejected", loanId)));
    }

    @Transactional
    void remind(Long loanId) {
        loans.updateRemindedAt(loanId, clock.now());
        // near-miss: advisory: nobody acts on it
        metricsPublisher.publish("loan-reminded");
    }

    // not-asked: sends only, changes nothing
    void announce(LoanRates rates) { kafkaTemplate.send("loan-rates", rates.toJson()); }
}
