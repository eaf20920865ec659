package com.bank.limit;

class LimitController {
    @PutMapping("/limits/{customerNo}")
    void change(@PathVariable String customerNo, @RequestBody LimitCommand command) {
        // breach: audit/missing-audit-record
        limits.update(customerNo, command.newLimit());
    }

    @PostMapping("/accounts/{no}/freeze")
    void freeze(@PathVariable String no) {
        log.info("freezing {}", no);
        // breach: audit/missing-audit-record
        accounts.freeze(no);
    }

    @Transactional
    @PutMapping("/rates/{product}")
    void changeRate(@PathVariable String product, @RequestBody RateCommand command, BankUser by) {
        BigDecimal old = rates.lock(product);
        rates.update(product, command.rate());
        // near-miss: who, what, before and after, in the same transaction
        audit.write(by, "RATE_CHANGE", product, old, command.rate());
    }

    // not-asked: reads only
    @GetMapping("/limits/{customerNo}")
    LimitView show(@PathVariable String customerNo) { return views.of(limits.of(customerNo)); }
}
