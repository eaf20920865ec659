package com.bank.credit;

class ExposureService {
    BigDecimal exposureOf(Customer customer) {
        BigDecimal exposure = BigDecimal.ZERO;
        for (Facility facility : customer.getFacilities()) {
            // breach: money/mixed-currencies
            exposure = exposure.add(facility.getOutstanding());
        }
        return exposure;
    }

    boolean covers(List<Pledge> pledges, Loan loan) {
        BigDecimal value = pledges.stream().map(Pledge::getAmount)
            // breach: money/mixed-currencies
            .reduce(BigDecimal.ZERO, BigDecimal::add);
        return value.compareTo(loan.getPrincipal()) >= 0;
    }

    BigDecimal exposureIn(Customer customer, Currency target, LocalDate valueDate) {
        BigDecimal exposure = BigDecimal.ZERO;
        for (Facility facility : customer.getFacilities()) {
            FxRate rate = rates.on(valueDate, facility.getCurrency(), target);
            // near-miss: converted at the rate of the value date
            exposure = exposure.add(rate.convert(facility.getOutstanding()));
        }
        return exposure;
    }

    BigDecimal balanceOf(Account account, List<Entry> entries) {
        BigDecimal balance = account.getOpeningBalance();
        for (Entry entry : entries) {
            // near-miss: another currency is refused one line above
            if (!entry.getCurrency().equals(account.getCurrency())) throw new CurrencyMismatchException(entry.getId());
            balance = balance.add(entry.getAmount());
        }
        return balance;
    }

    // not-asked: a getter
    BigDecimal getOutstandingAmount() { return outstandingAmount; }

    // not-asked: counts, no money
    int countOverdue(List<Loan> loans) {
        int total = 0;
        for (Loan loan : loans) { if (loan.isOverdue()) total += 1; }
        return total;
    }
}
