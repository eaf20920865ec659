package com.bank.account;

class AccountService {
    @Transactional
    void withdraw(Long id, BigDecimal amount) {
        Account account = accounts.findById(id).orElseThrow();
        if (account.getBalance().compareTo(amount) < 0) throw new InsufficientFundsException(id);
        // breach: txn/lost-update
        account.setBalance(account.getBalance().subtract(amount));
        accounts.save(account);
    }

    synchronized void reserve(String customerNo, BigDecimal amount) {
        Limit limit = limits.findByCustomerNo(customerNo);
        // breach: txn/lost-update
        limit.setUsed(limit.getUsed().add(amount));
        limits.save(limit);
    }

    @Transactional
    void debit(Long id, BigDecimal amount) {
        Account account = accounts.findByIdForUpdate(id);
        // near-miss: the row was locked by the read
        account.setBalance(account.getBalance().subtract(amount));
        accounts.save(account);
    }

    void charge(Long id, BigDecimal amount) {
        Account account = accounts.findById(id).orElseThrow();
        // near-miss: one UPDATE computes and tests in the database; the read above is only for the notice
        int rows = jdbc.update("UPDATE account SET balance = balance - ? WHERE id = ? AND balance >= ?", amount, id, amount);
        if (rows != 1) throw new InsufficientFundsException(id);
        notices.send(account.getOwner(), amount);
    }

    // not-asked: a getter
    BigDecimal balanceOf(Long id) { return accounts.findById(id).orElseThrow().getBalance(); }

    // not-asked: the balance is copied to a view
    AccountView show(Long id) {
        AccountView view = new AccountView();
        view.setBalance(accounts.findById(id).orElseThrow().getBalance());
        return view;
    }
}
