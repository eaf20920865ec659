package com.bank.payment;

class ValueDates {
    void setValueDate(Payment payment, LocalDate instructed) {
        // breach: time/unadjusted-date
        payment.setValueDate(instructed.plusDays(1));
    }

    List<LocalDate> dueDates(LocalDate first, int months) {
        // breach: time/unadjusted-date
        return IntStream.range(0, months).mapToObj(first::plusMonths).map(due -> due.plusDays(0)).toList();
    }

    void setAdjustedValueDate(Payment payment, LocalDate businessDate, LocalTime now) {
        LocalDate start = cutOff.passed(now) ? businessDate.plusDays(1) : businessDate;
        // near-miss: the calendar adjusts it
        payment.setValueDate(calendar.adjust(start, BusinessDayConvention.FOLLOWING));
    }

    // not-asked: compares, computes no date
    boolean isOverdue(Loan loan, LocalDate today) { return loan.getDueDate().isBefore(today); }
}
