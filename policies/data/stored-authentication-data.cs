using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

[Table("card_payment")]
public class CardPayment
{
    [Key]
    public long Id { get; set; }
    public string CardToken { get; set; }
    // breach: data/stored-authentication-data
    public string Cvv { get; set; }
    // near-miss: lives in memory only
    [NotMapped] public string PinBlock { get; set; }
    // near-miss: the outcome of the check
    public string CvvResult { get; set; }
}

public class TerminalMessage
{
    [Key]
    public long Id { get; set; }
    // breach: data/stored-authentication-data
    public string Track2Data { get; set; }
}

public class AuthorisationRequest
{
    // near-miss: a request, not a row
    public string Cvv { get; set; }
}
