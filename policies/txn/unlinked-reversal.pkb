CREATE OR REPLACE PROCEDURE refund(p_acct IN VARCHAR2, p_amt IN NUMBER) IS
BEGIN
  -- breach: txn/unlinked-reversal
  INSERT INTO jrnl (acct_no, drcr, amt, kind) VALUES (p_acct, 'C', p_amt, 'REFUND');
END;
