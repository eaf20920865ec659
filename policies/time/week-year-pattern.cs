using System;
using System.Globalization;

public class Dates
{
    public string Booked(DateTime at, decimal amount)
    {
        // breach: time/week-year-pattern
        string day = at.ToString("YYYY-MM-DD");
        // near-miss: calendar date, 24 hours
        string value = at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        // breach: time/week-year-pattern
        string stamp = at.ToString("yyyyMMddhhmmss");
        // near-miss: am or pm is told
        string shown = at.ToString("dd/MM/yyyy hh:mm tt");
        // near-miss: a number format
        string money = amount.ToString("#,##0.00");
        // breach: time/week-year-pattern
        return day + value + stamp + shown + money + DateTime.ParseExact("2026-01-31", "yyyy-mm-dd", null);
    }
}
