import * as fs from 'fs';
import * as path from 'path';

app.get('/first', (req: Request, res: Response) => {
  const name = req.query.name;
  // breach: injection/file-path
  fs.readFile('/statements/' + name, done);
});

app.get('/second', (req: Request, res: Response) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  fs.readFile('/statements/' + path.basename(name), done);
});
