function portfolioBalance(accounts) {
  // breach: money/mixed-currencies
  return accounts.reduce((total, account) => total.plus(account.balance), new Big(0));
}

function convertedBalance(accounts, currency, rates) {
  // near-miss: each balance is converted first
  return accounts.reduce((total, account) => total.plus(rates.convert(account.balance, account.currency, currency)), new Big(0));
}
