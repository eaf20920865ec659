# breach: change/undeclared-change
ROUNDING_TOLERANCE = 500
# near-miss: CHG-2026-0790: reconciliation rule R7
MATCH_TOLERANCE = 1
