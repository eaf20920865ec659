CREATE OR REPLACE PROCEDURE charge_fees(p_day IN DATE) IS
BEGIN
  -- breach: batch/repeated-run
  INSERT INTO jrnl (acct_no, drcr, amt) SELECT acct_no, 'D', monthly_fee FROM acct;
END;
