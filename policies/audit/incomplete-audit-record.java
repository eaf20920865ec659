package com.bank.customer;

class CustomerService {
    void update(Customer customer, Address address, BankUser by) {
        customer.setAddress(address);
        // breach: audit/incomplete-audit-record
        audit.write("system", "customer updated");
    }

    void changePhone(Customer customer, String phone, BankUser by) {
        String old = customer.getPhone();
        customer.setPhone(phone);
        // near-miss: actor, action, object, before and after
        audit.write(AuditEvent.of("PHONE_CHANGE", by, customer.getNumber()).before(Mask.of(old)).after(Mask.of(phone)));
    }

    // not-asked: no audit
    Address addressOf(Customer customer) { return customer.getAddress(); }
}
