using System;
using Microsoft.Extensions.Logging;

public class Authorisation
{
    private readonly ILogger<Authorisation> _logger;

    public void Authorise(AuthRequest req, string cvv, string password)
    {
        // breach: data/sensitive-data-in-logs
        _logger.LogInformation("auth request card {Card}", req.CardNo);
        // near-miss: masked
        _logger.LogInformation("auth request card {Card}", Masker.Mask(req.CardNo));
        // breach: data/sensitive-data-in-logs
        Console.WriteLine($"cvv {cvv}");
        // near-miss: whether there is one
        _logger.LogDebug("cvv given {Given}", cvv != null);
        // near-miss: the parameter's name
        _logger.LogWarning("{Name} is missing", nameof(password));
        // breach: data/sensitive-data-in-logs
        throw new InvalidOperationException("login failed with " + password);
    }
}
