router.put('/cards/:id/limit', requireTeller, async (req, res) => {
  // breach: audit/missing-audit-record
  await cards.updateLimit(req.params.id, req.body.limit);
  res.sendStatus(204);
});

router.post('/cards/:id/block', requireTeller, async (req, res) => {
  await cards.block(req.params.id);
  // near-miss: recorded with teller and card
  await audit.record({ by: req.user.id, action: 'CARD_BLOCKED', card: req.params.id });
  res.sendStatus(204);
});
