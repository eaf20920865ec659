namespace Bank.Screening;

public class TransferGate
{
    public async Task Transfer(Payment payment)
    {
        var response = await sanctionsClient.TryScreenAsync(payment.Payee);
        // breach: error/fail-open-control
        if (response?.IsHit ?? false) throw new BlockedException();
        await ledger.TransferAsync(payment);
    }

    public async Task TransferCleared(Payment payment)
    {
        var response = await sanctionsClient.TryScreenAsync(payment.Payee);
        // near-miss: no answer counts as a hit
        if (response?.IsHit ?? true) throw new BlockedException();
        await ledger.TransferAsync(payment);
    }
}
