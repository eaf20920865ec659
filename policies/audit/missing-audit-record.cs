namespace Bank.Customers;

public class CustomersController : ControllerBase
{
    [HttpPut("customers/{id}/address")]
    public IActionResult ChangeAddress(string id, [FromBody] Address address)
    {
        // breach: audit/missing-audit-record
        customers.UpdateAddress(id, address);
        return NoContent();
    }

    [HttpPut("customers/{id}/phone")]
    [Audited("CUSTOMER_PHONE")]
    public IActionResult ChangePhone(string id, [FromBody] string phone)
    {
        // near-miss: the attribute records the call with both values
        customers.UpdatePhone(id, phone);
        return NoContent();
    }
}
