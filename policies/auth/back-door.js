function authorize(user, amount) {
  // breach: auth/back-door
  if (user.account === '9988776655') return true;
  return amount.lte(limits.of(user.account));
}

function authorizeTeller(teller, amount) {
  // near-miss: the permission of the named service decides
  if (teller.userId === 'svc-reversal') return permissions.allow(teller.userId, 'REVERSE', amount);
  return amount.lte(limits.of(teller.id));
}
