app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/redirect-target
  res.redirect(name);
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  res.redirect('/pay/' + Number(name));
});
