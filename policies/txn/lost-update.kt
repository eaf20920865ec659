package com.bank.account

class Wallets(private val repository: WalletRepository) {
    @Transactional
    fun spend(id: Long, amount: BigDecimal) {
        val wallet = repository.findById(id).get()
        // breach: txn/lost-update
        wallet.balance = wallet.balance - amount
        repository.save(wallet)
    }

    @Transactional
    fun topUp(id: Long, amount: BigDecimal) {
        val wallet = repository.lockById(id)
        // near-miss: locked by the read
        wallet.balance = wallet.balance + amount
        repository.save(wallet)
    }
}
