namespace Bank.Posting;

public class PostingDatabase
{
    // breach: config/credential-in-code
    private const string DbPassword = "P0sting#2025";
    // near-miss: the name of a setting
    private const string PasswordKey = "Posting:Password";
    // breach: config/credential-in-code
    private readonly string connection = "Server=core-db;Database=ledger;User Id=posting;Password=ledger77";
    // near-miss: the platform signs in
    private readonly string trusted = "Server=core-db;Database=ledger;Integrated Security=true";

    public void Send(SmtpClient client, IConfiguration configuration)
    {
        // breach: config/credential-in-code
        client.Credentials = new NetworkCredential("statements@bank.example", "qwertz");
        // near-miss: read when the program runs
        client.Credentials = new NetworkCredential(user, configuration["Smtp:Password"]);
        // breach: config/credential-in-code
        var options = new FtpOptions { Host = "clearing", Password = "Cl3aring!" };
        // near-miss: a label
        passwordBox.Label = "Password2:";
    }
}
