package com.bank.batch;

class InterestBatch {
    void run(LocalDate day) {
        for (Account account : accounts.findAll()) {
            account.addInterest(calculator.interest(account, day));
            // breach: batch/not-restartable
            accounts.saveAndFlush(account);
        }
    }

    void runRestartable(LocalDate day) {
        for (Account account : accounts.findByLastAccrualBefore(day)) {
            account.addInterest(calculator.interest(account, day));
            // near-miss: what was done is not selected again
            account.setLastAccrual(day);
            accounts.saveAndFlush(account);
        }
    }

    // not-asked: reads only
    int count() { return accounts.findAll().size(); }
}
