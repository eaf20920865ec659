package com.bank.loan;

class RepaymentPlan {
    List<Instalment> equal(BigDecimal total, int n, LocalDate firstDue) {
        // breach: money/split-remainder
        BigDecimal part = total.divide(BigDecimal.valueOf(n), 2, RoundingMode.HALF_UP);
        List<Instalment> schedule = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            schedule.add(new Instalment(firstDue.plusMonths(i), part));
        }
        return schedule;
    }

    List<Instalment> exact(BigDecimal total, int n, LocalDate firstDue) {
        BigDecimal part = total.divide(BigDecimal.valueOf(n), 2, RoundingMode.DOWN);
        // near-miss: the last one takes the remainder
        BigDecimal last = total.subtract(part.multiply(BigDecimal.valueOf(n - 1L)));
        List<Instalment> schedule = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            schedule.add(new Instalment(firstDue.plusMonths(i), i == n - 1 ? last : part));
        }
        return schedule;
    }

    // not-asked: the amount of one instalment, read from the plan
    BigDecimal instalmentAmount(int number) { return schedule.get(number).getAmount(); }
}
