app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/forged-log-entry
  console.log('user ' + name);
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  console.log('user ' + JSON.stringify(name));
});
