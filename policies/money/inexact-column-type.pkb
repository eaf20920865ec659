CREATE OR REPLACE PACKAGE BODY pkg_interest AS
  -- breach: money/inexact-column-type
  g_base_rate NUMBER;
  -- near-miss: taken from the column
  g_int_rate product.int_rate%TYPE;

  -- near-miss: a parameter takes no precision
  PROCEDURE accrue(p_amount IN NUMBER, p_days IN NUMBER) IS
    -- breach: money/inexact-column-type
    v_interest BINARY_DOUBLE := 0;
    -- near-miss: precision and scale
    v_fee NUMBER(18,2) := 0;
    -- near-miss: a counter
    v_fee_count NUMBER := 0;
    -- breach: money/inexact-column-type
    v_balance FLOAT;
  BEGIN
    v_interest := p_amount * g_base_rate;
  END accrue;
END pkg_interest;
/
