package com.bank.limits.web

@RestController
class LimitController(private val limits: LimitService) {
    @PutMapping("/limits/{customerNo}")
    // breach: auth/missing-authorization
    fun change(@PathVariable customerNo: String, @RequestBody command: LimitCommand) = limits.change(customerNo, command)

    @PostMapping("/limits/{customerNo}/freeze")
    // breach: auth/missing-authorization
    fun freeze(@PathVariable customerNo: String) = limits.freeze(customerNo)

    @PreAuthorize("hasAuthority('LIMIT_RAISE')")
    @PostMapping("/limits/{customerNo}/raise")
    // near-miss: a permission is named
    fun raise(@PathVariable customerNo: String) = limits.raise(customerNo)

    @PostMapping("/login")
    // near-miss: nobody is signed in before the login
    fun login(@RequestBody credentials: Credentials) = sessions.open(credentials)
}
