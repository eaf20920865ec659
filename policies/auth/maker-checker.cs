namespace Bank.Rates;

public class RateApproval
{
    public void Approve(RateChange change, ApproveRequest request)
    {
        // breach: auth/maker-checker
        change.ApprovedBy = request.UserId;
        change.Status = Status.Approved;
        context.SaveChanges();
    }

    public void ApproveAs(RateChange change, ClaimsPrincipal user)
    {
        // near-miss: not the maker
        if (change.MadeBy == user.Identity!.Name) throw new SelfApprovalException();
        change.ApprovedBy = user.Identity.Name;
        change.Status = Status.Approved;
        context.SaveChanges();
    }
}
