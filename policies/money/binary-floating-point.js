import Decimal from 'decimal.js';

export function transfer(req, repository) {
  // breach: money/binary-floating-point
  const amount = parseFloat(req.body.amount);
  // breach: money/binary-floating-point
  const feeRate = 0.0015;
  // near-miss: exact
  const tax = new Decimal(req.body.tax);
  // near-miss: how far the page is scrolled
  const scrollAmount = 0.5;
  // near-miss: minor units
  const amountMinor = 1250;
  // breach: money/binary-floating-point
  repository.save({ account: req.body.account, price: 19.99 });
  // breach: money/binary-floating-point
  const rounded = Math.round(req.interest * 100) / 100;
  // near-miss: a whole number
  const limits = { maxFee: 0.1e8 };
  // near-miss: only the sign counts
  const isCredit = parseFloat(req.body.amount) < 0;
  // near-miss: a whole number of payments
  const payments = parseInt(req.body.payments, 10);
  return { amount, feeRate, tax, scrollAmount, amountMinor, rounded, limits, isCredit, payments };
}

// breach: money/binary-floating-point
const Loan = sequelize.define('loan', { principal: DataTypes.DOUBLE, balance: DataTypes.DECIMAL(18, 2) });
