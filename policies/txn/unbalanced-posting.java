package com.bank.ledger;

class Transfers {
    void transfer(String from, String to, BigDecimal amount) {
        entries.saveAndFlush(Entry.debit(from, amount));
        // breach: txn/unbalanced-posting
        entries.saveAndFlush(Entry.credit(to, amount));
    }

    @Transactional
    void transferWithFee(String from, String to, BigDecimal amount, BigDecimal fee) {
        entries.save(Entry.debit(from, amount.add(fee)));
        // breach: txn/unbalanced-posting
        entries.save(Entry.credit(to, amount));
    }

    @Transactional
    void transferBalanced(String from, String to, BigDecimal amount, BigDecimal fee) {
        JournalEntry entry = JournalEntry.on(businessDate).debit(from, amount.add(fee)).credit(to, amount).credit(FEE_INCOME, fee);
        // near-miss: the whole entry is asserted and saved at once
        entry.assertBalanced();
        journal.save(entry);
    }

    @Transactional
    void sweep(Account from, Account to, BigDecimal amount) {
        from.debit(amount);
        // near-miss: both legs stand in one transaction
        to.credit(amount);
        accounts.saveAll(List.of(from, to));
    }

    // not-asked: says how legs look, writes none
    String describe(Entry debit, Entry credit, BigDecimal amount) { return debit.account() + " to " + credit.account() + ": " + amount; }
}
