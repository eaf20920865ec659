package com.bank.batch;

class DirectDebits {
    void run(List<DirectDebit> records) {
        for (DirectDebit record : records) {
            try {
                postings.debit(record.accountNo(), record.amount());
            } catch (PostingException e) {
                // breach: batch/lost-record
                log.warn("direct debit {} failed", record.id(), e);
            }
        }
    }

    void runWithRejects(List<DirectDebit> records) {
        for (DirectDebit record : records) {
            try {
                postings.debit(record.accountNo(), record.amount());
            } catch (PostingException e) {
                // near-miss: stored with reason and amount, and counted
                rejects.add(record.id(), record.amount(), e.getMessage());
                log.warn("direct debit {} rejected", record.id());
            }
        }
        rejects.assertBelow(threshold);
    }

    // not-asked: a cache, not the bank's business
    void evict(List<String> keys) { for (String key : keys) { try { cache.evict(key); } catch (RuntimeException e) { log.warn("evict", e); } } }
}
