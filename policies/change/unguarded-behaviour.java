package com.bank.fees;

class FeeCalculator {
    BigDecimal fee(Transfer transfer) {
        // breach: change/unguarded-behaviour
        if (features.isEnabled("new-tier-fee", true)) return newTierFee.of(transfer.getAmount());
        return tierFee.of(transfer.getAmount());
    }

    BigDecimal interest(Account account) {
        // breach: change/unguarded-behaviour
        if (LocalDate.now().isAfter(parameters.effectiveDate())) return newInterest.of(account.getBalance());
        return interest.of(account.getBalance());
    }

    BigDecimal feeByDate(Transfer transfer) {
        // near-miss: a dated parameter, asked by the business date
        return feeParameters.effectiveOn(transfer.getBusinessDate()).of(transfer.getAmount());
    }

    // not-asked: a flag of the screen, no money
    String theme(User user) { return features.isEnabled("dark") ? "dark" : "light"; }
}
