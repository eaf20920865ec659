app.get('/first', (req, res) => {
  const name = req.query.name;
  // breach: injection/ldap-filter
  client.search('ou=staff', { filter: '(uid=' + name + ')', scope: 'sub' }, done);
});

app.get('/second', (req, res) => {
  const name = req.query.name;
  // near-miss: the value cannot do harm any more
  client.search('ou=staff', { filter: '(uid=' + Number(name) + ')', scope: 'sub' }, done);
});
