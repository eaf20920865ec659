CREATE OR REPLACE PROCEDURE post_file(p_file_id IN NUMBER) IS
BEGIN
  FOR r IN (SELECT * FROM stg_payment WHERE file_id = p_file_id) LOOP
    -- breach: batch/missing-control-totals
    INSERT INTO jrnl (acct_no, amt) VALUES (r.acct_no, r.amt);
  END LOOP;
END;
