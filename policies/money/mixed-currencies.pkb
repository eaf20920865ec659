CREATE OR REPLACE PACKAGE BODY exposure_pkg AS
  FUNCTION exposure_of(p_customer_no IN VARCHAR2) RETURN NUMBER IS
    v_exposure NUMBER;
  BEGIN
    -- breach: money/mixed-currencies
    SELECT SUM(outstanding) INTO v_exposure FROM facility WHERE customer_no = p_customer_no;
    RETURN v_exposure;
  END;
END exposure_pkg;
