CREATE OR REPLACE PROCEDURE change_limit(p_cust IN VARCHAR2, p_limit IN NUMBER, p_user IN VARCHAR2) IS
  v_old NUMBER;
BEGIN
  SELECT max_amt INTO v_old FROM cust_limit WHERE cust_no = p_cust FOR UPDATE;
  UPDATE cust_limit SET max_amt = p_limit WHERE cust_no = p_cust;
  -- near-miss: who, what, before and after
  INSERT INTO audit_trail (who, action, object, old_value, new_value) VALUES (p_user, 'LIMIT', p_cust, v_old, p_limit);
END;
