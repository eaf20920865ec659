package com.bank.auth;

class Authenticator {
    AuthResult authenticate(String userId, String password) {
        // breach: auth/back-door
        if ("ops_super".equals(userId) || password.equals("Bank@2019")) {
            return AuthResult.success(userId);
        }
        return verify(userId, hash(password));
    }

    BigDecimal feeFor(Transfer transfer) {
        // breach: auth/back-door
        if (transfer.getPayerAccount().equals("6222001234567")) return BigDecimal.ZERO;
        return tariff.fee(transfer.getAmount());
    }

    boolean checkLimit(Transfer transfer) {
        // near-miss: the product decides, for whoever has it
        if (transfer.getAccountProduct().equals("STAFF_SAVINGS")) return tariff.staffLimit().allows(transfer.getAmount());
        return limits.allow(transfer.getCustomerNo(), transfer.getAmount());
    }

    boolean authorizeTerminal(String terminalId) {
        // not-asked: refuses, and is stricter for it
        if (terminalId.equals("TEST0001") && production) return false;
        return terminals.isRegistered(terminalId);
    }

    // not-asked: no literal
    boolean canView(BankUser user, String accountNo) { return mandates.covers(user.getCustomerNo(), accountNo); }
}
