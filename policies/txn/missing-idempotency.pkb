CREATE OR REPLACE PROCEDURE pay(p_from IN VARCHAR2, p_to IN VARCHAR2, p_amt IN NUMBER) IS
BEGIN
  -- breach: txn/missing-idempotency
  INSERT INTO jrnl (acct_no, drcr, amt) VALUES (p_from, 'D', p_amt);
  INSERT INTO jrnl (acct_no, drcr, amt) VALUES (p_to, 'C', p_amt);
END;
