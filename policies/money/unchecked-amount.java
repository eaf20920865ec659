package com.bank.transfer.web;

@RestController
class TransferController {
    @PostMapping("/transfers")
    Receipt transfer(@RequestBody TransferCommand command) {
        // breach: money/unchecked-amount
        accounts.debit(command.getPayer(), command.getAmount());
        accounts.credit(command.getPayee(), command.getAmount());
        return Receipt.ok();
    }

    @PostMapping("/withdrawals")
    Receipt withdraw(@RequestBody Withdrawal request) {
        Account account = accounts.lock(request.accountNo());
        if (account.getBalance().compareTo(request.amount()) < 0) throw new InsufficientFundsException();
        // breach: money/unchecked-amount
        account.withdraw(request.amount());
        return Receipt.ok();
    }

    @PostMapping("/deposits")
    Receipt deposit(@Valid @RequestBody DepositCommand command) {
        // near-miss: the amount type refuses zero, negative and over-precise values
        Amount amount = Amount.positive(command.getAmount(), command.getCurrency());
        return postings.credit(command.getAccount(), amount);
    }

    @KafkaListener(topics = "fees")
    void chargeFee(FeeEvent event) {
        // near-miss: what is not positive is rejected
        if (event.getAmount().signum() <= 0) { rejects.add(event, "amount"); return; }
        ledger.debit(event.getAccountNo(), event.getAmount());
    }

    // not-asked: reads only
    @GetMapping("/transfers/{id}")
    TransferView show(@PathVariable String id) { return views.of(transfers.byId(id)); }

    // not-asked: a log helper
    private void logRequest(TransferCommand command) { log.info("transfer of {}", command.getId()); }
}
