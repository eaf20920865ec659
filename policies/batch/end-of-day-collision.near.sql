INSERT INTO eod_balance (acct_no, business_date, balance)
-- near-miss: closed rows only, without the movements of the next day
SELECT acct_no, :business_date, balance - COALESCE(next_day_movement, 0) FROM acct WHERE day_switch_state = 'CLOSED';
