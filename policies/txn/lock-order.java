package com.bank.transfer;

class Transfers {
    @Transactional
    void transfer(TransferCommand command) {
        Account from = accounts.lockById(command.getPayer());
        // breach: txn/lock-order
        Account to = accounts.lockById(command.getPayee());
        from.debit(command.getAmount());
        to.credit(command.getAmount());
    }

    @Transactional
    void transferInOrder(TransferCommand command) {
        boolean payerFirst = command.getPayer() < command.getPayee();
        Account first = accounts.lockById(payerFirst ? command.getPayer() : command.getPayee());
        // near-miss: the lower number is locked first, whoever pays
        Account second = accounts.lockById(payerFirst ? command.getPayee() : command.getPayer());
        (payerFirst ? first : second).debit(command.getAmount());
        (payerFirst ? second : first).credit(command.getAmount());
    }

    // not-asked: one lock
    void freeze(Long payer) { accounts.lockById(payer).freeze(); }
}
