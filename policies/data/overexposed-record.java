package com.bank.customer.web;

class CustomerController {
    @GetMapping("/customers/{id}")
    CustomerEntity show(@PathVariable Long id) {
        // breach: data/overexposed-record
        return customerRepository.findById(id).orElseThrow();
    }

    @GetMapping("/accounts/{id}/balance")
    BigDecimal balance(@PathVariable Long id) {
        // near-miss: one figure of the account
        return accountRepository.findBalanceById(id);
    }

    @GetMapping("/me")
    // not-asked: a view
    CustomerView me(BankUser user) { return CustomerView.masked(customers.owned(user.getCustomerNo())); }
}
