CREATE OR REPLACE PROCEDURE build_schedule(p_loan_no IN VARCHAR2, p_amount IN NUMBER, p_n IN PLS_INTEGER) IS
  v_part NUMBER := TRUNC(p_amount / p_n, 2);
BEGIN
  FOR i IN 1 .. p_n LOOP
    INSERT INTO instalment (loan_no, seq, amount)
    -- near-miss: the last one takes the remainder
    VALUES (p_loan_no, i, CASE WHEN i = p_n THEN p_amount - v_part * (p_n - 1) ELSE v_part END);
  END LOOP;
END;
