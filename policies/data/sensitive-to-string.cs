using System.Text;

// breach: data/sensitive-to-string
public record CardAuth(string Pan, long AmountMinor);

public record Login
{
    public string User { get; init; }
    // breach: data/sensitive-to-string
    public string Password { get; init; }
    // near-miss: one way only
    public string PasswordHash { get; init; }
}

// near-miss: what it prints is written by hand
public record PinChange(string Pin)
{
    public override string ToString() => "PinChange";
}

public class LoginRequest
{
    // near-miss: a class prints its name only
    public string Password { get; set; }
}
