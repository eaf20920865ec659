CREATE OR REPLACE PROCEDURE close_day_locked(p_business_date IN DATE) IS
  v_open NUMBER;
BEGIN
  SELECT COUNT(*) INTO v_open FROM online_txn WHERE business_date = p_business_date AND status = 'OPEN';
  -- near-miss: waits until the online postings are drained
  IF v_open > 0 THEN RAISE_APPLICATION_ERROR(-20030, 'not drained'); END IF;
  UPDATE sys_param SET business_date = p_business_date + 1 WHERE business_date = p_business_date;
END;
