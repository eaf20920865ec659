package com.bank.clearing;

class ClearingSender {
    @Retryable(maxAttempts = 5)
    void sendPayment(Payment payment) {
        // breach: txn/unsafe-retry
        payment.setRequestId(UUID.randomUUID().toString());
        gateway.pay(payment);
    }

    void sendTransfer(Transfer transfer) {
        while (true) {
            try {
                // breach: txn/unsafe-retry
                gateway.submitTransfer(transfer);
                return;
            } catch (IOException e) {
                log.warn("retrying", e);
            }
        }
    }

    void sendOnce(Payment payment) {
        String requestId = payment.getRequestId();
        for (int attempt = 1; attempt <= 3; attempt++) {
            // near-miss: the same key with each of three attempts
            if (gateway.pay(requestId, payment).isFinal()) return;
            sleeper.backOff(attempt);
        }
        enquiries.schedule(requestId);
    }

    // not-asked: an enquiry may be repeated
    @Retryable(maxAttempts = 5)
    Status enquire(String reference) { return gateway.statusOf(reference); }
}
