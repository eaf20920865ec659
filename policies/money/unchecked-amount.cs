namespace Bank.Payments;

public class PaymentsController : ControllerBase
{
    [HttpPost("payments")]
    public IActionResult Pay([FromBody] PaymentRequest request)
    {
        // breach: money/unchecked-amount
        ledger.Debit(request.Account, request.Amount);
        return Ok();
    }

    [HttpPost("refunds")]
    public IActionResult Collect([FromBody] CollectRequest request)
    {
        // near-miss: rejected where it is not positive or above the limit
        if (request.Amount <= 0 || request.Amount > limits.PerTransaction) return BadRequest("amount");
        ledger.Debit(request.Account, request.Amount);
        return Ok();
    }
}
