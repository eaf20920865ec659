package com.bank.limit;

class Withdrawals {
    @Transactional
    void withdraw(String customerNo, BigDecimal amount, BigDecimal dailyLimit) {
        BigDecimal used = transactions.sumToday(customerNo);
        // breach: auth/limit-outside-posting
        if (used.add(amount).compareTo(dailyLimit) > 0) throw new LimitExceededException();
        postings.debit(customerNo, amount);
    }

    @Transactional
    void withdrawWithin(String customerNo, BigDecimal amount, BigDecimal dailyLimit) {
        // near-miss: one conditional update claims the amount
        if (limitMapper.consume(customerNo, businessDate, amount, dailyLimit) != 1) throw new LimitExceededException();
        postings.debit(customerNo, amount);
    }

    // not-asked: shows what is left
    BigDecimal left(String customerNo) { return dailyLimit(customerNo).subtract(transactions.sumToday(customerNo)); }
}
