CREATE OR REPLACE PROCEDURE accrue_open(p_day IN DATE) IS
BEGIN
  FOR a IN (SELECT acct_no, balance FROM acct WHERE accrued_on < p_day) LOOP
    UPDATE acct SET accrued = accrued + a.balance * 0.0001, accrued_on = p_day WHERE acct_no = a.acct_no;
    -- near-miss: accrued_on commits with the amount and leaves the row out of a rerun
    COMMIT;
  END LOOP;
END;
