const xpath = require('xpath');

app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/xpath-expression
  xpath.select('//account[@id="' + name + '"]', tree);
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  xpath.select('//account[@id=' + Number(name) + ']', tree);
});
