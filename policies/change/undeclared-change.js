// breach: change/undeclared-change
const SUSPENSE_ACCOUNT = '6222001234567';
// near-miss: CHG-2026-0812: the fee income account of the chart 2026
const FEE_ACCOUNT = '9001000001';
module.exports = { SUSPENSE_ACCOUNT, FEE_ACCOUNT };
