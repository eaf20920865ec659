package com.bank.payment.iso20022;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.stream.XMLInputFactory;

public class PainReader {
    Document read(HttpServletRequest request) throws Exception {
        // breach: injection/xml-external-entities
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        return factory.newDocumentBuilder().parse(request.getInputStream());
    }

    Document readRight(InputStream message) throws Exception {
        // near-miss: document types are refused
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(message);
    }

    XMLStreamReader stream(InputStream message) throws Exception {
        // breach: injection/xml-external-entities
        XMLInputFactory factory = XMLInputFactory.newFactory();
        return factory.createXMLStreamReader(message);
    }

    XMLStreamReader streamRight(InputStream message) throws Exception {
        // near-miss: document types are not supported
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        return factory.createXMLStreamReader(message);
    }

    org.dom4j.Document dom4j(InputStream message) throws Exception {
        // breach: injection/xml-external-entities
        SAXReader reader = new SAXReader();
        return reader.read(message);
    }

    Document empty() throws Exception {
        // near-miss: nothing is parsed
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        return factory.newDocumentBuilder().newDocument();
    }

    String write(Document document) throws Exception {
        StringWriter out = new StringWriter();
        // near-miss: nothing is read
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        return out.toString();
    }

    String convert(InputStream message, Templates style) throws Exception {
        StringWriter out = new StringWriter();
        // breach: injection/xml-external-entities
        TransformerFactory factory = TransformerFactory.newInstance();
        factory.newTransformer().transform(new StreamSource(message), new StreamResult(out));
        return out.toString();
    }
}
