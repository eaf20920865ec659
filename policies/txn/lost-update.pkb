CREATE OR REPLACE PROCEDURE withdraw(p_acct_no IN VARCHAR2, p_amt IN NUMBER) IS
  v_bal NUMBER;
BEGIN
  SELECT balance INTO v_bal FROM acct WHERE acct_no = p_acct_no;
  IF v_bal < p_amt THEN RAISE_APPLICATION_ERROR(-20001, 'funds'); END IF;
  -- breach: txn/lost-update
  UPDATE acct SET balance = v_bal - p_amt WHERE acct_no = p_acct_no;
END;
