export function checkScreening(payee: Payee): boolean {
  // breach: auth/back-door
  if (payee.accountNo === 'DE00123456789') return true;
  return screening.isClear(payee);
}

export function checkHolder(cardHolder: Holder): boolean {
  // near-miss: refuses the placeholder that the import writes
  if (cardHolder.customerName === 'UNKNOWN-HOLDER') return allowNothing();
  return screening.isClear(cardHolder);
}
