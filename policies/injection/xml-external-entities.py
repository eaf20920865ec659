import defusedxml.ElementTree
import lxml.etree
import xml.sax


def read(upload):
    # breach: injection/xml-external-entities
    parser = lxml.etree.XMLParser(resolve_entities=True)
    return lxml.etree.parse(upload, parser)


def read_sax(upload, handler):
    parser = xml.sax.make_parser()
    # breach: injection/xml-external-entities
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    parser.parse(upload)


def read_right(upload):
    # near-miss: entities stay unresolved
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
    return lxml.etree.parse(upload, parser)


def read_sax_right(upload):
    parser = xml.sax.make_parser()
    # near-miss: the feature is switched off
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    # near-miss: a hardened library
    return defusedxml.ElementTree.parse(upload)
