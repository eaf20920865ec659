async function pay(payment) {
  try {
    await gateway.transfer(payment);
    payment.status = 'SENT';
  } catch (error) {
    // breach: txn/timeout-as-failure
    payment.status = 'FAILED';
    await ledger.credit(payment.payer, payment.amount);
  }
}

async function paySafely(payment) {
  try {
    await gateway.transfer(payment);
    payment.status = 'SENT';
  } catch (error) {
    // near-miss: only an answer of the partner counts as rejected
    payment.status = error.response ? 'REJECTED' : 'UNKNOWN';
  }
}
