router.get('/customers/:id', requireTeller, async (req, res) => {
  // breach: data/overexposed-record
  res.json(await Customer.findById(req.params.id));
});

router.get('/customers/:id/segment', requireTeller, async (req, res) => {
  const customer = await Customer.findById(req.params.id);
  // near-miss: one field
  res.json({ segment: customer.segment });
});
