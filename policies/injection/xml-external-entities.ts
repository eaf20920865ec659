import * as libxmljs from 'libxmljs2';

export class PainReader {
  read(message: string) {
    // breach: injection/xml-external-entities
    return libxmljs.parseXml(message, { noent: true });
  }

  readAll(message: string) {
    // breach: injection/xml-external-entities
    return libxmljs.parseXmlString(message, { dtdload: true, nonet: false });
  }

  readRight(message: string) {
    // near-miss: the default resolves nothing
    return libxmljs.parseXml(message);
  }

  readQuiet(message: string) {
    // near-miss: switched off
    return libxmljs.parseXml(message, { noent: false });
  }
}
