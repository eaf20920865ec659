package com.bank.inbound

class Camt054Inbound(private val mapper: XmlMapper, private val entries: EntryService, private val inbox: Inbox) {
    fun receive(xml: String) {
        val document = mapper.readValue(xml, Camt054::class.java)
        // breach: api/iso20022-checks
        document.notifications.forEach { entries.create(it) }
    }

    fun receiveChecked(xml: String) {
        val document = mapper.readValue(schema.validated(xml), Camt054::class.java)
        require(document.ctrlSum == document.sum() && document.nbOfTxs == document.notifications.size) { "totals" }
        // near-miss: all three checks stand above or here
        inbox.registerOnce(document.msgId)
        document.notifications.forEach { entries.create(it) }
    }
}
