router.post('/loans', requireUser, async (req, res) => {
  // breach: auth/client-supplied-decision
  const rate = req.body.isStaff ? STAFF_RATE : req.body.rate;
  res.json(await loans.open(req.user.id, req.body.amount, rate));
});

router.post('/orders', requireUser, async (req, res) => {
  const price = await prices.of(req.body.product);
  // near-miss: the client's price must equal the server's
  if (req.body.price !== price) return res.status(409).end();
  res.json(await payments.charge(req.user.id, price));
});
