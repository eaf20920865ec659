CREATE OR REPLACE PROCEDURE accrue_all(p_day IN DATE) IS
BEGIN
  FOR a IN (SELECT acct_no, balance FROM acct) LOOP
    UPDATE acct SET accrued = accrued + a.balance * 0.0001 WHERE acct_no = a.acct_no;
    -- breach: batch/not-restartable
    COMMIT;
  END LOOP;
END;
