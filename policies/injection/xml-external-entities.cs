using System.Xml;

namespace Bank.Payments
{
    public class PainReader
    {
        public XmlReader Open(Stream message)
        {
            var settings = new XmlReaderSettings();
            // breach: injection/xml-external-entities
            settings.DtdProcessing = DtdProcessing.Parse;
            return XmlReader.Create(message, settings);
        }

        public XmlReader OpenRight(Stream message)
        {
            // near-miss: document types are refused
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };
            return XmlReader.Create(message, settings);
        }

        public XmlDocument Load(Stream message)
        {
            // breach: injection/xml-external-entities
            var document = new XmlDocument { XmlResolver = new XmlUrlResolver() };
            document.Load(message);
            return document;
        }

        public XmlDocument LoadRight(Stream message)
        {
            // near-miss: nothing is resolved
            var document = new XmlDocument { XmlResolver = null };
            document.Load(message);
            return document;
        }
    }
}
