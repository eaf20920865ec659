CREATE FUNCTION withdraw(p_id bigint, p_amount numeric) RETURNS void AS $$
DECLARE v_balance numeric;
BEGIN
  SELECT balance INTO v_balance FROM account WHERE id = p_id;
  -- breach: txn/lost-update
  UPDATE account SET balance = v_balance - p_amount WHERE id = p_id;
END $$ LANGUAGE plpgsql;
