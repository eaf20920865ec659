const fs = require('fs');
const path = require('path');

app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/file-path
  fs.readFile('/statements/' + name, done);
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  fs.readFile('/statements/' + path.basename(name), done);
});
