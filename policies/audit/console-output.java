package com.bank.posting;

class PostingService {
    void post(Entry entry) {
        try {
            ledger.post(entry);
        } catch (SQLException e) {
            // breach: audit/console-output
            e.printStackTrace();
            // breach: audit/console-output
            System.out.println("post failed " + entry.getAccountNo());
            // breach: audit/console-output
            System.err.printf("post failed %s%n", entry.getAccountNo());
            // near-miss: the logger takes it
            log.error("post failed entryId={}", entry.getId(), e);
            // near-miss: the trace goes to a writer that is logged
            e.printStackTrace(new PrintWriter(buffer));
            // near-miss: another stream
            report.println(entry.getId());
            // near-miss: only a text
            log.debug("System.out.println is not used");
        }
    }
}
