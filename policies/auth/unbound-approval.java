package com.bank.payment;

class PaymentConfirmation {
    Receipt confirm(ConfirmCommand command, BankUser user) {
        // breach: auth/unbound-approval
        String saved = redis.get("otp:" + user.getMobile());
        if (!command.getOtp().equals(saved)) throw new WrongCodeException();
        return payments.execute(command.getPayee(), command.getAmount());
    }

    Receipt confirmPending(String pendingId, String otp, BankUser user) {
        PendingPayment pending = pendings.load(pendingId, user);
        // near-miss: keyed by transaction and content, consumed and counted by the service
        otpService.verifyAndConsume(pending.getId(), pending.contentHash(), otp);
        return payments.execute(pending);
    }

    // not-asked: log-in, no payment
    Session logIn(String user, String otp) { return sessions.open(user, totp.verify(user, otp)); }
}
