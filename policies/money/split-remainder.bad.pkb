CREATE OR REPLACE PROCEDURE build_equal(p_loan_no IN VARCHAR2, p_amount IN NUMBER, p_n IN PLS_INTEGER) IS
BEGIN
  FOR i IN 1 .. p_n LOOP
    INSERT INTO instalment (loan_no, seq, amount)
    -- breach: money/split-remainder
    VALUES (p_loan_no, i, ROUND(p_amount / p_n, 2));
  END LOOP;
END;
