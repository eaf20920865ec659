-- breach: money/day-count-literal
UPDATE deposit_acct SET accrued_int = accrued_int + balance * int_rate / 365 WHERE accrual_date = :business_date;

-- near-miss: the basis of the product
UPDATE deposit_acct SET accrued_int = accrued_int + balance * int_rate / day_basis WHERE accrual_date = :business_date;

-- breach: money/day-count-literal
SELECT account_no, principal * annual_rate * days / 360 AS interest FROM loan;

-- near-miss: no interest
SELECT account_no, days / 365 AS age FROM loan;

-- near-miss: a full turn
SELECT heading / 360 AS turns FROM vehicle;
