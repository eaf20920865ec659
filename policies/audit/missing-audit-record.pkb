CREATE OR REPLACE PROCEDURE change_rate(p_product IN VARCHAR2, p_rate IN NUMBER) IS
BEGIN
  -- breach: audit/missing-audit-record
  UPDATE rate_param SET rate = p_rate WHERE product = p_product;
END;
