namespace Bank.Channel;

// breach: auth/disabled-protection
[AllowAnonymous]
[Route("payments")]
public class PaymentsController : Controller
{
    // breach: auth/disabled-protection
    [IgnoreAntiforgeryToken]
    [HttpPost("confirm")]
    public IActionResult Confirm(ConfirmTransfer command) => Ok(transfers.Confirm(command));
}

[Authorize]
public class LimitsController : Controller
{
    [HttpPost("limits")]
    // breach: auth/disabled-protection
    [AllowAnonymous]
    public IActionResult Raise(LimitChange change) => Ok(limits.Raise(change));

    // near-miss: rates are public, and only read
    [HttpGet("rates")]
    [AllowAnonymous]
    public IActionResult Rates() => Ok(rates.Today());

    // near-miss: the protection itself
    [ValidateAntiForgeryToken]
    [HttpPost("limits/lower")]
    public IActionResult Lower(LimitChange change) => Ok(limits.Lower(change));
}

// near-miss: nobody is signed in before the login
[AllowAnonymous]
public class LoginController : Controller
{
    [HttpPost]
    public IActionResult SignIn(Credentials credentials) => Ok(sessions.Open(credentials));
}

// near-miss: an API with bearer tokens has no cookie to forge with
[ApiController]
[IgnoreAntiforgeryToken]
public class StatementsController : ControllerBase { }

public static class Startup
{
    public static void Map(WebApplication app, AntiforgeryOptions options)
    {
        // breach: auth/disabled-protection
        options.SuppressXFrameOptionsHeader = true;
        // breach: auth/disabled-protection
        app.MapControllers().AllowAnonymous();
        // breach: auth/disabled-protection
        app.MapPost("/standing-orders", CreateStandingOrder).DisableAntiforgery();
        // near-miss: the health of the service
        app.MapGet("/health", () => "up").AllowAnonymous();
        // near-miss: the header stays
        options.SuppressXFrameOptionsHeader = false;
    }
}
