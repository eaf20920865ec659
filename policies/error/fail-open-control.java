package com.bank.screening;

class PayeeScreening {
    void payScreened(Payee payee, BigDecimal amount) {
        boolean hit = false;
        try {
            hit = sanctions.screen(payee);
        } catch (Exception e) {
            // breach: error/fail-open-control
            log.warn("screening unavailable", e);
        }
        if (!hit) pay(payee, amount);
    }

    boolean checkFraud(Transfer transfer) {
        try {
            return fraudClient.score(transfer) < THRESHOLD;
        } catch (RestClientException e) {
            // breach: error/fail-open-control
            return true;
        }
    }

    void payCleared(Payee payee, BigDecimal amount) {
        ScreeningResult result = screenOrUnknown(payee);
        // near-miss: only a clear answer lets pass; unknown is parked
        if (result != ScreeningResult.CLEAR) {
            reviewQueue.park(payee, amount, result);
        } else {
            pay(payee, amount);
        }
    }

    boolean checkFraudOrRefuse(Transfer transfer) {
        try {
            return fraudClient.score(transfer) < THRESHOLD && allow(transfer);
        } catch (RestClientException e) {
            // near-miss: a failure refuses
            return false;
        }
    }

    // not-asked: no failure to handle
    void notifyReviewer(Payee payee) { mails.send(payee.getReviewer()); }
}
