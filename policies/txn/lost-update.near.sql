CREATE FUNCTION debit(p_id bigint, p_amount numeric) RETURNS void AS $$
DECLARE v_balance numeric;
BEGIN
  -- near-miss: the read locks the row
  SELECT balance INTO v_balance FROM account WHERE id = p_id FOR UPDATE;
  UPDATE account SET balance = v_balance - p_amount WHERE id = p_id;
END $$ LANGUAGE plpgsql;
