function onReply(payment, reply) {
  // breach: api/unknown-response-code
  payment.status = reply.code === 'DECLINED' ? 'FAILED' : 'SUCCESS';
}

function onListedReply(payment, reply) {
  // near-miss: success by name; the rest stays open
  if (reply.code === 'APPROVED') payment.status = 'SUCCESS';
  else payment.status = reply.code === 'DECLINED' ? 'FAILED' : 'UNKNOWN';
}
