namespace Bank.Accounts;

[Table("account")]
public class Account { public string Number { get; set; } public decimal Balance { get; set; } }

public record OpenAccount(string ProductCode, string Currency);

public class AccountsController : Controller
{
    [HttpPost("open")]
    // breach: auth/entity-binding
    public IActionResult Open([FromBody] Account body) => Ok(service.Open(body));

    [HttpPut("limits")]
    public async Task<IActionResult> Change(CardLimit limit)
    {
        // breach: auth/entity-binding
        _context.Update(limit);
        await _context.SaveChangesAsync();
        return Ok();
    }

    [HttpPost("mandates")]
    public async Task<IActionResult> Edit(int id)
    {
        var mandate = await _context.Mandates.FindAsync(id);
        // breach: auth/entity-binding
        if (await TryUpdateModelAsync(mandate)) await _context.SaveChangesAsync();
        // near-miss: the fields are named
        await TryUpdateModelAsync<Mandate>(mandate, "", m => m.Purpose, m => m.ValidTo);
        return Ok();
    }

    [HttpPost("command")]
    // near-miss: a command lists what may be sent
    public IActionResult OpenBy([FromBody] OpenAccount command)
    {
        var account = new Account { Currency = command.Currency };
        // near-miss: the record was made here, field by field
        _context.Add(account);
        return Ok();
    }

    [HttpPost("payees")]
    public IActionResult Add([Bind("Name,Iban")] Payee payee)
    {
        // near-miss: only named fields are bound
        _context.Add(payee);
        return Ok();
    }
}
