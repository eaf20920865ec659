CREATE OR REPLACE FUNCTION rate_for(p_product IN VARCHAR2, p_business_date IN DATE) RETURN NUMBER IS
  v_rate NUMBER;
BEGIN
  -- near-miss: by the business date that is handed in
  SELECT rate INTO v_rate FROM rate_param WHERE product = p_product AND p_business_date >= effective_from AND p_business_date < effective_to;
  RETURN v_rate;
END;
