CREATE OR REPLACE PROCEDURE debit(p_acct_no IN VARCHAR2, p_amt IN NUMBER) IS
  v_bal NUMBER;
BEGIN
  SELECT balance INTO v_bal FROM acct WHERE acct_no = p_acct_no;
  -- near-miss: the database computes and tests; the read is only a friendlier message
  UPDATE acct SET balance = balance - p_amt WHERE acct_no = p_acct_no AND balance >= p_amt;
  IF SQL%ROWCOUNT <> 1 THEN RAISE_APPLICATION_ERROR(-20001, 'funds, you have ' || v_bal); END IF;
END;
