app.post('/payments', requireUser, async (req, res) => {
  // breach: txn/missing-idempotency
  await ledger.transfer(req.user.account, req.body.payee, req.body.amount);
  res.sendStatus(204);
});

app.post('/transfers', requireUser, async (req, res) => {
  // near-miss: the request id goes along as the idempotency key
  await payments.create({ amount: req.body.amount, payee: req.body.payee }, { idempotencyKey: req.get('Idempotency-Key') });
  res.sendStatus(204);
});
