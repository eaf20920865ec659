CREATE OR REPLACE PROCEDURE roll_deposit(p_no IN VARCHAR2, p_term IN NUMBER) IS
BEGIN
  -- breach: time/unadjusted-date
  UPDATE deposit SET maturity_date = ADD_MONTHS(maturity_date, p_term) WHERE deposit_no = p_no;
END;
