package com.bank.limits.web;

@RestController
@RequestMapping("/api/limits")
public class LimitController {

    @PutMapping("/{customerNo}")
    // breach: auth/missing-authorization
    public void change(@PathVariable String customerNo, @RequestBody LimitCommand command) {
        limits.change(customerNo, command);
    }

    @RequestMapping(value = "/{customerNo}", method = RequestMethod.DELETE)
    // breach: auth/missing-authorization
    public void remove(@PathVariable String customerNo) { limits.remove(customerNo); }

    @PreAuthorize("hasAuthority('LIMIT_RAISE')")
    @PostMapping("/{customerNo}/raise")
    // near-miss: a permission is named
    public void raise(@PathVariable String customerNo) { limits.raise(customerNo); }

    @PostMapping("/public/quote")
    // near-miss: a quote is for anybody
    public Quote quote(@RequestBody QuoteRequest request) { return quotes.make(request); }

    // near-miss: no endpoint
    public void recalculate(String customerNo) { limits.recalculate(customerNo); }
}

@RestController
@RolesAllowed("TELLER")
class TellerController {
    @PostMapping("/cash")
    // near-miss: the class names the role
    public void deposit(@RequestBody Deposit deposit) { cash.deposit(deposit); }
}
