app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/evaluated-text
  eval('rate + ' + name);
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  eval('rate + ' + Number(name));
});
