#include <libxml/parser.h>
#include <xercesc/parsers/XercesDOMParser.hpp>

class PainReader {
public:
    void read(const char *path) {
        // breach: injection/xml-external-entities
        auto *parser = new xercesc::XercesDOMParser();
        parser->parse(path);
    }

    void readRight(const char *path) {
        // near-miss: the default resolution is switched off
        auto *parser = new xercesc::XercesDOMParser();
        parser->setDisableDefaultEntityResolution(true);
        parser->parse(path);
    }

    xmlDocPtr readText(const std::string &text) {
        // breach: injection/xml-external-entities
        xmlSubstituteEntitiesDefault(1);
        // near-miss: the network is closed
        return xmlReadMemory(text.data(), text.size(), "p.xml", nullptr, XML_PARSE_NONET);
    }
};
