package com.bank.account.web

@RestController
class AccountController(private val accounts: AccountRepository) {

    @PostMapping("/accounts")
    // breach: auth/entity-binding
    fun open(@Valid @RequestBody account: Account): AccountView = accounts.save(account).view()

    @PutMapping("/accounts")
    // breach: auth/entity-binding
    fun change(@RequestBody accounts: List<Account>) = this.accounts.saveAll(accounts)

    @PostMapping("/accounts/command")
    // near-miss: a command lists what may be sent
    fun openBy(@RequestBody command: OpenAccount): AccountView = service.open(command)

    // near-miss: no request body
    private fun book(account: Account) = ledger.book(account)
}

@Entity
class Account(@Id val number: String, var status: String, var balance: BigDecimal)

data class OpenAccount(val productCode: String, val currency: String)
