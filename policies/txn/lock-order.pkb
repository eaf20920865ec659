CREATE OR REPLACE PROCEDURE lock_both(p_from IN VARCHAR2, p_to IN VARCHAR2) IS
  v acct%ROWTYPE;
BEGIN
  SELECT * INTO v FROM acct WHERE acct_no = p_from FOR UPDATE;
  -- breach: txn/lock-order
  SELECT * INTO v FROM acct WHERE acct_no = p_to FOR UPDATE;
END;
