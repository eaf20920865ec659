CREATE OR REPLACE PROCEDURE pay_once(p_order_no IN VARCHAR2) IS
BEGIN
  UPDATE pay_order SET status = 'POSTED' WHERE order_no = p_order_no AND status = 'APPROVED';
  -- near-miss: only the first call moves the status on
  IF SQL%ROWCOUNT = 0 THEN RETURN; END IF;
  INSERT INTO jrnl (acct_no, drcr, amt) SELECT payer, 'D', amt FROM pay_order WHERE order_no = p_order_no;
END;
