// breach: change/undeclared-change
export const MIN_FEE = 0;
// near-miss: CHG-2026-0777: tariff 2026-07
export const MAX_FEE = 25;
