CREATE OR REPLACE PROCEDURE book_fee(p_acct IN VARCHAR2, p_fee IN NUMBER) IS
BEGIN
  INSERT INTO jrnl (acct_no, drcr, amt) VALUES (p_acct, 'D', p_fee);
  COMMIT;
  -- breach: txn/unbalanced-posting
  INSERT INTO jrnl (acct_no, drcr, amt) VALUES ('FEEINC', 'C', p_fee);
  COMMIT;
END;
