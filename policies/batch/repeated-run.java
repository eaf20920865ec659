package com.bank.batch;

class InterestJob {
    @Scheduled(cron = "0 0 1 * * *")
    void capitaliseInterest() {
        LocalDate day = businessDates.current();
        // breach: batch/repeated-run
        interestMapper.postAccruedInterest(day);
    }

    @Scheduled(cron = "0 30 1 * * *")
    void chargeMonthlyFees() {
        LocalDate day = businessDates.current();
        // near-miss: the control record has a unique key on job and day
        if (!control.insertIfAbsent("FEES", day)) return;
        feeMapper.postMonthlyFees(day);
    }

    // not-asked: a report
    @Scheduled(cron = "0 0 6 * * *")
    void reportInterest() { mails.queue(reports.interestOf(businessDates.current())); }
}
