// breach: change/undeclared-change
#define OVERDRAFT_LIMIT 9999999
// near-miss: CHG-2026-0777: tariff 2026-07
#define CASH_LIMIT 200000
