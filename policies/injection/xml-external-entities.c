#include <libxml/parser.h>

xmlDocPtr read_message(const char *text, int size)
{
    /* breach: injection/xml-external-entities */
    return xmlReadMemory(text, size, "pain001.xml", NULL, XML_PARSE_NOENT);
}

xmlDocPtr read_with_types(const char *path)
{
    int options = XML_PARSE_NONET;
    /* breach: injection/xml-external-entities */
    options = options | XML_PARSE_DTDLOAD;
    return xmlReadFile(path, NULL, options);
}

xmlDocPtr read_right(const char *text, int size)
{
    /* near-miss: entities stay unresolved */
    return xmlReadMemory(text, size, "pain001.xml", NULL, XML_PARSE_NONET);
}

void prepare(void)
{
    /* near-miss: switched off */
    xmlSubstituteEntitiesDefault(0);
}
