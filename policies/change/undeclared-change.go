package limits

// breach: change/undeclared-change
const dailyLimitMinor = 500000000

// near-miss: CHG-2026-0777: tariff 2026-07
const cashLimitMinor = 200000
