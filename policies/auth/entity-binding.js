router.put('/accounts/:id', async (req, res) => {
  const account = await Account.findById(req.params.id);
  // breach: auth/entity-binding
  Object.assign(account, req.body);
  await account.save();
  // breach: auth/entity-binding
  await Account.findByIdAndUpdate(req.params.id, { $set: req.body });
  res.json(account);
});

router.post('/payees', async (req, res) => {
  // breach: auth/entity-binding
  const payee = new Payee(req.body);
  await payee.save();
  // near-miss: the fields by name
  const mandate = await Mandate.create({ payee: req.body.payee, limit: req.body.limit });
  // near-miss: a check of the body, no record
  const checked = new PayeeRequest(req.body);
  // near-miss: a copy of options
  const options = Object.assign({}, req.body);
  // near-miss: a service decides what it takes
  await payeeService.create(req.body);
  res.json(checked);
});
