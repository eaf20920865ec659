CREATE OR REPLACE PROCEDURE post_checked(p_file_id IN NUMBER, p_count IN NUMBER, p_total IN NUMBER) IS
  v_count NUMBER; v_total NUMBER;
BEGIN
  SELECT COUNT(*), SUM(amt) INTO v_count, v_total FROM stg_payment WHERE file_id = p_file_id;
  -- near-miss: totals of the trailer are compared first
  IF v_count <> p_count OR v_total <> p_total THEN RAISE_APPLICATION_ERROR(-20020, 'totals'); END IF;
  INSERT INTO jrnl (acct_no, amt) SELECT acct_no, amt FROM stg_payment WHERE file_id = p_file_id;
END;
