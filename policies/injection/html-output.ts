app.get('/first', (req: Request, res: Response) => {
  const name = req.query.name;
  // breach: injection/html-output
  res.send('<b>' + name + '</b>');
});

app.get('/second', (req: Request, res: Response) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  res.send('<b>' + escapeHtml(name) + '</b>');
});
