namespace Bank.Payments;

public class Confirmation
{
    public async Task Confirm(ConfirmRequest request, string userId)
    {
        var otp = await cache.GetStringAsync($"otp:{userId}");
        // breach: auth/unbound-approval
        if (otp != request.Otp) throw new WrongCodeException();
        await payments.Execute(request.Payee, request.Amount);
    }

    public async Task ConfirmPending(PendingPayment pending, string otp)
    {
        if (++pending.Attempts > 3 || pending.ExpiresAt < clock.UtcNow) throw new WrongCodeException();
        // near-miss: of this payment, counted, expiring, and taken away with use
        if (!await codes.CompareAndDeleteAsync($"otp:{pending.Id}:{pending.ContentHash}", otp)) throw new WrongCodeException();
        await payments.Execute(pending);
    }
}
