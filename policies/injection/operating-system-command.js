const child_process = require('child_process');

app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/operating-system-command
  child_process.exec('report ' + name);
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  child_process.exec('report ' + Number(name));
});
