router.post('/payments/:id/approve', async (req, res) => {
  // breach: auth/maker-checker
  await payments.update(req.params.id, { status: 'APPROVED', approver: req.body.approver });
  res.sendStatus(204);
});

router.post('/transfers/:id/approve', async (req, res) => {
  const transfer = await transfers.lock(req.params.id);
  // near-miss: not by the maker
  if (transfer.maker === req.user.id) return res.sendStatus(403);
  await transfers.update(transfer.id, { status: 'APPROVED', approver: req.user.id });
  res.sendStatus(204);
});
