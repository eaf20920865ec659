package com.bank.settlement;

class SettlementService {
    @Transactional
    public void settle(Batch b) {
        ledger.postAll(b.entries());
        try {
            fees.charge(b);
        // breach: txn/swallowed-in-transaction
        } catch (FeeException e) {
            log.warn("fee failed for {}", b.getId(), e);
        }
    }

    public void settleLater(Batch b) {
        transactionTemplate.execute(status -> {
            try {
                accountRepository.save(b.account());
            // breach: txn/swallowed-in-transaction
            } catch (DataAccessException e) {
                return Result.failed(b.getId());
            }
            return Result.ok();
        });
    }

    @Transactional
    // breach: txn/swallowed-in-transaction
    public void load(Batch b) throws IOException {
        entryRepository.saveAll(reader.read(b));
    }

    // near-miss: checked exceptions roll back
    @Transactional(rollbackFor = Exception.class)
    public void settleSafe(Batch b) throws FeeException, IOException {
        ledger.postAll(b.entries());
        fees.charge(b);
    }

    @Transactional
    public void settleMarked(Batch b) {
        try {
            fees.charge(b);
        // near-miss: marked for rollback
        } catch (FeeException e) {
            TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
        }
        try {
            ledger.post(b);
        // near-miss: thrown on
        } catch (LedgerException e) {
            throw new SettlementException(b.getId(), e);
        }
    }

    @Transactional(readOnly = true)
    public Report report(Batch b) {
        try {
            return accounts.postingReport(b);
        // near-miss: nothing is written
        } catch (ReportException e) {
            return Report.EMPTY;
        }
    }

    public void notifyAll(Batch b) {
        try {
            fees.charge(b);
        // near-miss: no transaction here
        } catch (FeeException e) {
            log.warn("fee failed", e);
        }
    }
}
