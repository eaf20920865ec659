INSERT INTO eod_balance (acct_no, business_date, balance)
-- breach: batch/end-of-day-collision
SELECT acct_no, :business_date, balance FROM acct;
