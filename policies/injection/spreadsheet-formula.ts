app.get('/first', (req: Request, res: Response) => {
  const name = req.query.name;
  // breach: injection/spreadsheet-formula
  sheet.addRow(['remark', name]);
});

app.get('/second', (req: Request, res: Response) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  sheet.addRow(['remark', Number(name)]);
});
