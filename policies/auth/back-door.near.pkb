CREATE OR REPLACE FUNCTION check_status(p_acct_status IN VARCHAR2, p_amt IN NUMBER) RETURN BOOLEAN IS
BEGIN
  -- near-miss: a status, and it refuses
  IF acct_status = 'FROZEN' THEN RETURN FALSE; END IF;
  RETURN p_amt <= limit_of(p_acct_status);
END;
