namespace Bank.Limits;

[ApiController]
[Route("limits")]
public class LimitsController : ControllerBase
{
    [HttpPut("{customerNo}")]
    // breach: auth/missing-authorization
    public IActionResult Change(string customerNo, LimitCommand command) => Ok(limits.Change(customerNo, command));

    [HttpPost("{customerNo}/raise")]
    [Authorize(Policy = "LimitRaise")]
    // near-miss: a policy is named
    public IActionResult Raise(string customerNo) => Ok(limits.Raise(customerNo));
}

[Authorize(Roles = "Teller")]
public class TellerController : ControllerBase
{
    [HttpPost("cash")]
    // near-miss: the class names the role
    public IActionResult Deposit(Deposit deposit) => Ok(cash.Deposit(deposit));
}

public static class Routes
{
    public static void Map(WebApplication app)
    {
        // breach: auth/missing-authorization
        app.MapPost("/standing-orders", CreateStandingOrder);
        // near-miss: a policy is named
        app.MapPost("/payments", CreatePayment).RequireAuthorization("Payments");
    }
}
