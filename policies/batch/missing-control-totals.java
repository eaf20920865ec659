package com.bank.batch;

class PaymentFile {
    void process(Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            // breach: batch/missing-control-totals
            poster.postPayment(parser.parse(line));
        }
    }

    void processChecked(Path file) throws IOException {
        List<PaymentLine> lines = new ArrayList<>();
        Trailer trailer = parser.parse(Files.readAllLines(file), lines);
        // near-miss: count and amount are compared before the first posting
        if (trailer.count() != lines.size() || trailer.total().compareTo(sum(lines)) != 0) throw new RejectedFileException(file);
        lines.forEach(poster::postPayment);
        applyAll(lines);
    }

    // not-asked: rates, no transactions
    void loadHolidays(Path file) throws IOException { for (String line : Files.readAllLines(file)) calendar.add(line); }
}
