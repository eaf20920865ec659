app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/spreadsheet-formula
  sheet.addRow(['remark', name]);
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  sheet.addRow(['remark', Number(name)]);
});
