CREATE FUNCTION transfer(p_from bigint, p_to bigint, p_amount numeric) RETURNS void AS $$
BEGIN
  PERFORM 1 FROM account WHERE id = p_from FOR UPDATE;
  -- breach: txn/lock-order
  PERFORM 1 FROM account WHERE id = p_to FOR UPDATE;
END $$ LANGUAGE plpgsql;
