CREATE OR REPLACE PACKAGE BODY pkg_accrual AS
  FUNCTION daily(p_acct loan%ROWTYPE, p_days NUMBER, p_basis NUMBER) RETURN NUMBER IS
    v_result NUMBER(18,2);
    v_age    NUMBER(5);
  BEGIN
    -- breach: money/day-count-literal
    v_result := p_acct.balance * p_acct.int_rate * p_days / 36500;
    -- near-miss: the basis of the product
    v_result := p_acct.balance * p_acct.int_rate * p_days / (p_basis * 100);
    -- near-miss: no interest
    v_age := p_days / 365;
    -- breach: money/day-count-literal
    UPDATE deposit SET accrued_int = accrued_int + balance * int_rate / 365 WHERE id = p_acct.id;
    RETURN v_result;
  END daily;
END pkg_accrual;
/
