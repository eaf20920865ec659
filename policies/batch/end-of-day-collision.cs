namespace Bank.Eod;

public class DayEnd
{
    public void Switch(DateOnly next)
    {
        // breach: batch/end-of-day-collision
        parameters.BusinessDate = next;
        context.SaveChanges();
    }

    public void SwitchDrained(DateOnly next)
    {
        // near-miss: the gate stops and drains online postings first
        using var closed = daySwitchGate.CloseAndDrain();
        parameters.BusinessDate = next;
        context.SaveChanges();
    }
}
