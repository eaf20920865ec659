const libxmljs = require('libxmljs');

function read(message) {
  // breach: injection/xml-external-entities
  return libxmljs.parseXml(message, { noent: true, nonet: true });
}

function readString(message) {
  const options = {
    // breach: injection/xml-external-entities
    dtdload: true,
  };
  return libxmljs.parseXmlString(message, options);
}

function readRight(message) {
  // near-miss: entities stay unresolved
  return libxmljs.parseXml(message, { noent: false });
}

function readDefault(message) {
  // near-miss: the default resolves nothing
  return libxmljs.parseXml(message);
}
