package com.bank.eod;

class EndOfDay {
    void snapshotBalances(LocalDate businessDate) {
        for (Account account : accounts.findAll()) {
            // breach: batch/end-of-day-collision
            eodBalances.save(new EodBalance(account.getNumber(), businessDate, account.getBalance()));
        }
    }

    void switchBusinessDate(LocalDate next) {
        // breach: batch/end-of-day-collision
        systemDate.setBusinessDate(next);
    }

    void snapshotAsOf(LocalDate businessDate) {
        for (Account account : accounts.findAll()) {
            // near-miss: later movements are left out
            eodBalances.save(new EodBalance(account.getNumber(), businessDate, movements.balanceAsOf(account, businessDate)));
        }
    }

    // not-asked: a getter
    LocalDate getBusinessDate() { return businessDate; }
}
