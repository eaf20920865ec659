router.post('/transfers', requireUser, async (req, res) => {
  // breach: money/unchecked-amount
  await ledger.transfer(req.user.account, req.body.payee, new Big(req.body.amount));
  res.sendStatus(204);
});

router.post('/withdrawals', requireUser, async (req, res) => {
  const amount = new Big(req.body.amount);
  // near-miss: refused where it is not positive
  if (amount.lte(0) || amount.gt(LIMIT)) return res.sendStatus(422);
  await ledger.debit(req.user.account, amount);
  res.sendStatus(204);
});
