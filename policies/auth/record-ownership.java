package com.bank.statement.web;

@RestController
class StatementController {
    @GetMapping("/statements/{accountNo}")
    Statement statement(@PathVariable String accountNo) {
        // breach: auth/record-ownership
        return statements.latest(accountNo);
    }

    @PreAuthorize("hasRole('CUSTOMER')")
    @PostMapping("/cards/{cardId}/block")
    void block(@PathVariable Long cardId) {
        // breach: auth/record-ownership
        cards.findById(cardId).orElseThrow().block();
    }

    @GetMapping("/accounts/{accountNo}/balance")
    Balance balance(@PathVariable String accountNo, @AuthenticationPrincipal BankUser user) {
        // near-miss: the mandate of the caller is checked first
        mandates.assertCanView(user.getCustomerNo(), accountNo);
        return balances.of(accountNo);
    }

    @GetMapping("/loans/{loanNo}")
    Loan loan(@PathVariable String loanNo, Principal principal) {
        // near-miss: the query asks for number and owner together
        return loans.findByNumberAndOwner(loanNo, principal.getName()).orElseThrow();
    }

    @GetMapping("/branches/{id}")
    // not-asked: public data
    Branch branch(@PathVariable String id) { return branches.find(id); }
}
