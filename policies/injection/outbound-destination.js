app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/outbound-destination
  fetch('http://' + name + '/rate');
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  fetch('http://rates/' + Number(name));
});
