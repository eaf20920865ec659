package com.bank.posting;

class PostingService {
    void creditEmpty(Account acct, BigDecimal amount) {
        try {
            ledger.credit(acct, amount);
        // breach: error/swallowed-exception
        } catch (Exception ignore) {
        }
    }

    void debitComment(Account acct, BigDecimal amount) {
        try {
            checkLimit(acct);
            entryRepository.save(new Entry(acct, amount));
        // breach: error/swallowed-exception
        } catch (DataAccessException e) {
            // nothing to do
        }
    }

    void loadRates() {
        try {
            rates.refresh();
        // breach: error/swallowed-exception
        } catch (RuntimeException e) {
        }
    }

    void logOnly(Account acct, BigDecimal amount) {
        try {
            ledger.debit(acct, amount);
        // breach: error/swallowed-exception
        } catch (LedgerException e) {
            log.error("debit failed {}", acct.getId(), e);
        }
        notifier.send(acct);
    }

    void translated(Account acct, BigDecimal amount) {
        try {
            ledger.credit(acct, amount);
        // near-miss: translated with its cause
        } catch (DataAccessException e) {
            throw new PostingException(acct, e);
        }
    }

    void cleanUp(Connection connection) {
        try {
            connection.close();
        // near-miss: what is closed is needed no more
        } catch (SQLException e) {
        }
    }

    Integer limitOf(String text) {
        try {
            return Integer.valueOf(text);
        // near-miss: a probe with another way
        } catch (NumberFormatException e) {
            return null;
        }
    }

    boolean failed(Account acct, BigDecimal amount) {
        try {
            ledger.debit(acct, amount);
            return true;
        // near-miss: the caller is told
        } catch (LedgerException e) {
            log.error("debit failed", e);
            return false;
        }
    }

    void cacheOnly(Account acct) {
        try {
            auditCache.put(acct);
        // near-miss: a cache may miss
        } catch (CacheException e) {
            log.warn("cache", e);
        }
    }
}
