const serializer = require('node-serialize');

app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/untrusted-deserialisation
  serializer.unserialize(name);
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  JSON.parse(name);
});
