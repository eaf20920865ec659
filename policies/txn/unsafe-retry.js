async function refund(payment) {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    // breach: txn/unsafe-retry
    const result = await psp.refund(payment.id, payment.amount, { idempotencyKey: crypto.randomUUID() });
    if (result.ok) return result;
  }
}

async function refundOnce(payment, key) {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    // near-miss: the key comes from outside of the loop
    const result = await psp.refund(payment.id, payment.amount, { idempotencyKey: key });
    if (result.ok) return result;
    await backOff(attempt);
  }
}
