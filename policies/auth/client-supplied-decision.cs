namespace Bank.Web;

public class LimitController : ControllerBase
{
    [HttpPost("raise")]
    public IActionResult Raise([FromBody] RaiseRequest request)
    {
        // breach: auth/client-supplied-decision
        if (!request.IsAdmin) return Forbid();
        return Ok(limits.Raise(request.CustomerNo, request.NewLimit));
    }

    [HttpPost("raise-as")]
    public IActionResult RaiseAs([FromBody] RaiseRequest request)
    {
        // near-miss: the role comes from the token
        if (!User.IsInRole("LimitAdmin") || request.NewLimit > policy.MaxLimit) return Forbid();
        return Ok(limits.Raise(request.CustomerNo, request.NewLimit));
    }
}
