CREATE PROCEDURE transfer(p_from bigint, p_to bigint, p_amount numeric) LANGUAGE plpgsql AS $$
BEGIN
  -- breach: txn/missing-idempotency
  INSERT INTO journal (account_id, amount) VALUES (p_from, -p_amount), (p_to, p_amount);
END $$;
