package com.bank.clearing;

class ClearingGateway {
    void submit(Payment payment) {
        try {
            clearing.submit(payment);
            payment.setStatus(Status.SENT);
        } catch (SocketTimeoutException e) {
            // breach: txn/timeout-as-failure
            payment.setStatus(Status.FAILED);
            holds.release(payment.getHoldId());
        }
    }

    Receipt transfer(Transfer transfer) {
        try {
            return Receipt.of(partner.transfer(transfer));
        } catch (Exception e) {
            // breach: txn/timeout-as-failure
            ledger.credit(transfer.getPayer(), transfer.getAmount());
            return Receipt.failed(transfer);
        }
    }

    void submitSafely(Payment payment) {
        try {
            clearing.submit(payment);
            payment.setStatus(Status.SENT);
        } catch (RejectedByClearingException e) {
            payment.setStatus(Status.REJECTED);
        } catch (SocketTimeoutException e) {
            // near-miss: nobody knows yet; the enquiry decides
            payment.setStatus(Status.UNKNOWN);
            enquiries.schedule(payment.getReference());
        }
    }

    // not-asked: a local check before anything is sent
    void validate(Payment payment) {
        if (payment.getAmount().signum() <= 0) payment.setStatus(Status.REJECTED);
    }
}
