CREATE OR REPLACE PROCEDURE book_tax(p_acct IN VARCHAR2, p_tax IN NUMBER) IS
BEGIN
  INSERT INTO jrnl (acct_no, drcr, amt) VALUES (p_acct, 'D', p_tax);
  -- near-miss: no commit between the legs; the caller commits
  INSERT INTO jrnl (acct_no, drcr, amt) VALUES ('TAXPAY', 'C', p_tax);
END;
