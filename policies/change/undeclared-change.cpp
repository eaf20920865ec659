// breach: change/undeclared-change
constexpr long kSettlementTolerance = 100000;
// near-miss: CHG-2026-0790: reconciliation rule R7
constexpr long kMatchTolerance = 1;
