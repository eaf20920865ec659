router.post('/payments/confirm', requireUser, async (req, res) => {
  const otp = await redis.get(`otp:${req.user.id}`);
  // breach: auth/unbound-approval
  if (otp !== req.body.otp) return res.sendStatus(403);
  await payments.execute(req.body.payee, req.body.amount);
  res.sendStatus(204);
});

router.post('/payments/:id/confirm', requireUser, async (req, res) => {
  const pending = await pendings.ofUser(req.user.id, req.params.id);
  // near-miss: getdel consumes; the key names the payment and its content
  const otp = await redis.getdel(`otp:${pending.id}:${pending.contentHash}`);
  if (otp === null || otp !== req.body.otp) return res.sendStatus(403);
  await payments.execute(pending);
  res.sendStatus(204);
});
