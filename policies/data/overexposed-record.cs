namespace Bank.Loans;

public class LoansController : ControllerBase
{
    [HttpGet("loans/{id}")]
    public async Task<Loan> Show(long id)
    {
        // breach: data/overexposed-record
        return await context.Loans.FindAsync(id);
    }

    [HttpGet("loans/{id}/term")]
    public async Task<int> Term(long id)
    {
        // near-miss: one field of the loan
        return await context.Loans.Where(l => l.Id == id).Select(l => l.Months).SingleAsync();
    }
}
