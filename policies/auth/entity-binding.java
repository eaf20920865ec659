package com.bank.account.web;

@RestController
@RequestMapping("/accounts")
class AccountController {

    @PostMapping
    // breach: auth/entity-binding
    AccountView open(@Valid @RequestBody Account account) { return views.of(accounts.save(account)); }

    @PutMapping("/all")
    // breach: auth/entity-binding
    void change(@RequestBody List<Account> changed) { accounts.saveAll(changed); }

    @PostMapping("/command")
    // near-miss: a command lists what may be sent
    AccountView openBy(@Valid @RequestBody OpenAccount command) { return views.of(service.open(command)); }

    @PutMapping("/{number}")
    void update(@PathVariable String number, @RequestBody OpenAccount command) {
        Account account = accounts.lockByNumber(number);
        // breach: auth/entity-binding
        BeanUtils.copyProperties(command, account);
        accounts.save(account);
    }

    @GetMapping("/{number}")
    AccountView show(@PathVariable String number) {
        // near-miss: from the record to a view
        Account account = accounts.byNumber(number);
        AccountView view = new AccountView();
        BeanUtils.copyProperties(account, view);
        return view;
    }

    @PostMapping("/orders")
    void order(@RequestBody OpenAccount command) {
        OpenAccountEvent event = new OpenAccountEvent();
        // near-miss: a message, no record
        BeanUtils.copyProperties(command, event);
        bus.publish(event);
    }

    // near-miss: an entity that comes from the database, not from the request
    private void book(Account account) { ledger.book(account); }
}

@Entity
@Table(name = "account")
class Account {
    @Id private String number;
    private String status;
    private BigDecimal balance;
}

record OpenAccount(String productCode, String currency) { }
