namespace Bank.Transfers;

public class TransferHandler
{
    public void Transfer(Account payer, Account payee, decimal amount)
    {
        lock (payer.Gate)
        {
            // breach: txn/lock-order
            lock (payee.Gate) { payer.Debit(amount); payee.Credit(amount); }
        }
    }

    public void TransferOneByOne(Account payer, Account payee, decimal amount)
    {
        lock (payer.Gate) { payer.Debit(amount); }
        // near-miss: the first lock is free again
        lock (payee.Gate) { payee.Credit(amount); }
    }
}
