package com.bank.payment.iso20022

import javax.xml.parsers.DocumentBuilderFactory
import javax.xml.parsers.SAXParserFactory

class PainReader {
    fun read(message: InputStream): Document {
        // breach: injection/xml-external-entities
        val factory = DocumentBuilderFactory.newInstance()
        return factory.newDocumentBuilder().parse(message)
    }

    fun sax(message: InputStream, handler: DefaultHandler) {
        // breach: injection/xml-external-entities
        SAXParserFactory.newInstance().newSAXParser().parse(message, handler)
    }

    fun readRight(message: InputStream): Document {
        // near-miss: document types are refused
        val factory = DocumentBuilderFactory.newInstance()
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true)
        return factory.newDocumentBuilder().parse(message)
    }

    fun empty(): Document {
        // near-miss: nothing is parsed
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument()
    }
}
