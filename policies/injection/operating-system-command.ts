import * as child_process from 'child_process';

app.get('/first', (req: Request, res: Response) => {
  const name = req.query.name;
  // breach: injection/operating-system-command
  child_process.exec('report ' + name);
});

app.get('/second', (req: Request, res: Response) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  child_process.exec('report ' + Number(name));
});
