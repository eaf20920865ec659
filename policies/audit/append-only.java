package com.bank.ledger;

class JournalService {
    private final JdbcTemplate jdbc;
    private final AuditLogRepository auditLogRepository;
    private final JournalTypeRepository journalTypeRepository;

    void correct(long id, BigDecimal amount) {
        // breach: audit/append-only
        jdbc.update("UPDATE txn_journal SET amount = ? WHERE txn_id = ?", amount, id);
        // near-miss: the correction is a new record
        jdbc.update("INSERT INTO txn_journal (ref_txn_id, amount) VALUES (?, ?)", id, amount);
    }

    void clean(LocalDate until) {
        // breach: audit/append-only
        jdbc.update("DELETE FROM audit_log WHERE created_at < ?", until);
        // breach: audit/append-only
        auditLogRepository.deleteById(17L);
        // near-miss: configuration
        journalTypeRepository.deleteById(17L);
        // near-miss: a sentence
        LOG.info("delete from audit log is not allowed");
    }
}
