CREATE OR REPLACE PROCEDURE withdraw(p_cust IN VARCHAR2, p_amt IN NUMBER) IS
  v_used_today NUMBER;
  v_daily_limit NUMBER := limit_of(p_cust);
BEGIN
  SELECT NVL(SUM(amt), 0) INTO v_used_today FROM txn WHERE cust_no = p_cust AND txn_date = TRUNC(SYSDATE);
  -- breach: auth/limit-outside-posting
  IF v_used_today + p_amt > v_daily_limit THEN RAISE_APPLICATION_ERROR(-20010, 'limit'); END IF;
  INSERT INTO txn (cust_no, amt) VALUES (p_cust, p_amt);
END;
