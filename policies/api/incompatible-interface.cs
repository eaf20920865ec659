// stands-for: src/Contracts/PaymentMessage.cs
namespace Bank.Contracts;

[ProtoContract]
public class PaymentMessage
{
    [ProtoMember(1)] public string Id { get; set; }
    // breach: api/incompatible-interface
    [ProtoMember(2)] public string AmountText { get; set; }
}

[ProtoContract]
public class RefundMessage
{
    [ProtoMember(1)] public string Id { get; set; }
    // near-miss: a new number at the end
    [ProtoMember(7)] public string? Channel { get; set; }
}
