async function payOut(payee, amount) {
  let allowed = true;
  try {
    allowed = await amlClient.check(payee);
  } catch (error) {
    // breach: error/fail-open-control
    console.error('aml check failed', error);
  }
  if (allowed) await ledger.transfer(payee, amount);
}

async function payOutChecked(payee, amount) {
  let allowed = false;
  try {
    allowed = await amlClient.check(payee);
  } catch (error) {
    // near-miss: stays refused
    await review.park(payee, amount, error);
  }
  if (allowed) await ledger.transfer(payee, amount);
}
