package com.bank.payment;

class PaymentRepository {
    private static final String SEND = "UPDATE payment SET status = 'SENT' WHERE id = ? AND status = 'APPROVED'";

    void send(long id) {
        // breach: txn/unchecked-row-count
        jdbc.update("UPDATE payment SET status='SENT' WHERE id=? AND status='APPROVED'", id);
        gatewayQueue.enqueue(id);
    }

    void sendConstant(long id) {
        // breach: txn/unchecked-row-count
        jdbc.update(SEND, id);
    }

    void reserve(Connection connection, long id, BigDecimal amount) throws SQLException {
        try (PreparedStatement ps = connection.prepareStatement(
                "UPDATE acct SET balance = balance - ? WHERE acct_id = ? AND balance >= ?")) {
            ps.setBigDecimal(1, amount);
            // breach: txn/unchecked-row-count
            ps.executeUpdate();
        }
    }

    void approve(long id, long version) {
        em.createQuery("update Payment p set p.approved = true where p.id = :id and p.version = :version")
                .setParameter("id", id)
                .setParameter("version", version)
                // breach: txn/unchecked-row-count
                .executeUpdate();
    }

    void sendChecked(long id) {
        // near-miss: the count is compared
        int rows = jdbc.update("UPDATE payment SET status='SENT' WHERE id=? AND status='APPROVED'", id);
        if (rows != 1) {
            throw new IllegalStateTransitionException(id);
        }
        // near-miss: the count is returned to a check
        requireOne(jdbc.update(SEND, id));
    }

    void rename(long id, String name) {
        // near-miss: no business condition
        jdbc.update("UPDATE payment SET label = ? WHERE id = ?", name, id);
        // near-miss: any number of rows is right
        jdbc.update("UPDATE payment SET status = 'EXPIRED' WHERE status = 'NEW' AND due_date < ?", today);
    }
}

interface PaymentJpaRepository extends JpaRepository<Payment, Long> {
    @Modifying
    @Query("update Payment p set p.status = 'SENT' where p.id = :id and p.status = 'APPROVED'")
    // breach: txn/unchecked-row-count
    void markSent(long id);

    // near-miss: the count is returned
    @Modifying
    @Query("update Payment p set p.status = 'SENT' where p.id = :id and p.status = 'APPROVED'")
    int trySend(long id);
}
