namespace Bank.Loans;

public class LoansController : ControllerBase
{
    [HttpGet("loans/{loanId}")]
    // breach: auth/record-ownership
    public async Task<LoanView> Show(long loanId) => LoanView.Of(await context.Loans.FindAsync(loanId));

    [HttpGet("my/loans/{loanId}")]
    public async Task<LoanView> Mine(long loanId)
    {
        var customerNo = User.FindFirst("customer_no")!.Value;
        // near-miss: the query names the caller
        return LoanView.Of(await context.Loans.SingleAsync(l => l.Id == loanId && l.CustomerNo == customerNo));
    }
}
