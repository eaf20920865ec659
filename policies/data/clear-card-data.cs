namespace Bank.Cards;

[Table("card")]
public class Card
{
    // breach: data/clear-card-data
    public string CardNumber { get; set; }
    // near-miss: only the last four, as the setter sees to
    public string Pan { get => last4; set => last4 = value[^4..]; }
    // not-asked: not stored
    [NotMapped] public string CardNo { get; set; }
}
