package com.bank.account

class Closing(private val accounts: AccountRepository, private val bus: RabbitTemplate, private val outbox: OutboxRepository) {
    fun close(account: Account) {
        accounts.save(account.closed())
        // breach: txn/message-without-outbox
        bus.convertAndSend("accounts", AccountClosed(account.number))
    }

    @Transactional
    fun reopen(account: Account) {
        // near-miss: stored with the change; the relay sends it
        outbox.save(OutboxMessage("account-reopened", account.number))
        accounts.save(account.reopened())
        relayQueue.put(account.number)
    }
}
