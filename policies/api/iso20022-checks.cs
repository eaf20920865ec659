namespace Bank.Inbound;

public class Pacs008Inbound
{
    public void Receive(Stream stream)
    {
        var document = (Pacs008)serializer.Deserialize(stream)!;
        // breach: api/iso20022-checks
        foreach (var transfer in document.CdtTrfTxInf) payments.Create(transfer);
    }

    public void ReceiveChecked(Stream stream)
    {
        using var reader = XmlReader.Create(stream, settingsWithSchema);
        var document = (Pacs008)serializer.Deserialize(reader)!;
        totals.Assert(document.GrpHdr, document.CdtTrfTxInf);
        // near-miss: registered once, after schema and totals
        inbox.RegisterOnce(document.GrpHdr.MsgId);
        foreach (var transfer in document.CdtTrfTxInf) payments.Create(transfer);
    }
}
