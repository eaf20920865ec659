package com.bank.loan.web;

class RateController {
    @PutMapping("/loans/{id}/rate")
    void change(@PathVariable Long id, @RequestHeader("X-Operator-Id") String operator, @RequestBody RateCommand cmd) {
        // breach: auth/client-supplied-decision
        if (permissions.has(operator, "RATE_OVERRIDE")) {
            loans.lock(id).setRate(cmd.getRate());
        }
    }

    @PostMapping("/transfers")
    Receipt transfer(@RequestBody TransferCommand cmd) {
        // breach: auth/client-supplied-decision
        if (!cmd.isOtpVerified()) throw new NotVerifiedException();
        BigDecimal fee = cmd.getFee();
        return postings.transfer(cmd.getPayer(), cmd.getPayee(), cmd.getAmount(), fee);
    }

    @PutMapping("/loans/{id}/approved-rate")
    void changeApproved(@PathVariable Long id, @RequestBody RateCommand cmd, Authentication user) {
        // near-miss: user of the session, rate of the table
        if (permissions.has(user.getName(), "RATE_OVERRIDE")) {
            loans.lock(id).setRate(rateTable.approvedRate(cmd.getRateCode()));
        }
    }

    // not-asked: no decision
    @PostMapping("/notes")
    void note(@RequestBody NoteCommand cmd) { notes.add(cmd.getText()); }
}
