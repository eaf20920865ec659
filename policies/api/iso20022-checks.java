package com.bank.inbound;

class Pain001Inbound {
    void receive(InputStream stream) throws JAXBException {
        Document document = (Document) unmarshaller.unmarshal(stream);
        for (CreditTransfer transfer : document.getTransfers()) {
            // breach: api/iso20022-checks
            payments.create(transfer);
        }
    }

    void receiveChecked(InputStream stream) throws JAXBException {
        unmarshaller.setSchema(pain001v09);
        Document document = (Document) unmarshaller.unmarshal(stream);
        checks.controlSumAndCount(document.getGrpHdr(), document.getTransfers());
        // near-miss: schema, totals and MsgId come first
        inbox.registerOnce(document.getGrpHdr().getMsgId());
        document.getTransfers().forEach(payments::create);
    }

    // not-asked: builds an outbound message
    String render(Pacs008 message) { return marshaller.toXml(message); }
}
