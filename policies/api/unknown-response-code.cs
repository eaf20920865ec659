namespace Bank.Payouts;

public class PayoutClient
{
    public async Task<bool> Pay(Payout payout)
    {
        var response = await http.PostAsJsonAsync("payouts", payout);
        // breach: api/unknown-response-code
        return response.IsSuccessStatusCode ? Complete(payout, response.StatusCode) : false;
    }

    public async Task<Outcome> PayByCode(Payout payout)
    {
        var reply = await client.PayAsync(payout);
        // near-miss: the business code decides, and only one is success
        return reply.ResponseCode == "ACSC" ? Outcome.Success : reply.ResponseCode == "RJCT" ? Outcome.Failed : Outcome.Unknown;
    }
}
