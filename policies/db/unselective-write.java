package com.bank.fee;

class FeeRepository {
    private static final String CLOSE_ONE = "UPDATE fee_due SET status = 'S' WHERE fee_id = ?";
    private final JdbcTemplate jdbc;
    private final EntityManager em;

    void closeAll() {
        // breach: db/unselective-write
        jdbc.update("UPDATE fee_due SET status = 'S'");
        // near-miss: one fee
        jdbc.update(CLOSE_ONE, 17L);
    }

    int purge() {
        // breach: db/unselective-write
        return em.createNativeQuery("DELETE FROM standing_order WHERE 1=1").executeUpdate();
    }

    int purgeOld(LocalDate until) {
        // near-miss: up to a date
        return em.createQuery("delete from StandingOrder o where o.validTo < :until")
                .setParameter("until", until).executeUpdate();
    }

    void log() {
        // near-miss: a sentence about it
        LOG.info("Delete from standing order list was requested");
    }

    void clearScratch() {
        // near-miss: a working table
        jdbc.update("DELETE FROM tmp_fee_due");
    }
}

class Labels {
    // near-miss: a label, no statement
    static final String TITLE = "Delete from favourites";
}
