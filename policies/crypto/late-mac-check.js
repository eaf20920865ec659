function onCallback(req, res) {
  const signature = crypto.createHmac('sha256', key).update(req.rawBody).digest('hex');
  // breach: crypto/late-mac-check
  if (signature !== req.get('X-Signature')) return res.sendStatus(401);
  payments.confirm(req.body.orderId);
  res.sendStatus(204);
}

function onSignedCallback(req, res) {
  const signature = crypto.createHmac('sha256', key).update(req.rawBody).digest();
  // near-miss: in constant time
  if (!crypto.timingSafeEqual(signature, Buffer.from(req.get('X-Signature') ?? '', 'hex'))) return res.sendStatus(401);
  payments.confirm(req.body.orderId);
  res.sendStatus(204);
}
