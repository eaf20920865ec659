CREATE OR REPLACE PROCEDURE check_limit(p_acct IN VARCHAR2, p_limit OUT NUMBER) IS
BEGIN
  -- breach: txn/dirty-read
  SET CURRENT ISOLATION = UR;
  SELECT daily_limit INTO p_limit FROM account_limit WHERE account_no = p_acct
  -- breach: txn/dirty-read
    WITH UR;
  -- near-miss: cursor stability
  SELECT daily_limit INTO p_limit FROM account_limit WHERE account_no = p_acct WITH CS;
  -- near-miss: a reference table
  SELECT rounding INTO p_limit FROM currency_rule WHERE code = 'EUR' WITH UR;
END;
/
