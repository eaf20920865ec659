CREATE PROCEDURE pay(p_request uuid, p_from bigint, p_to bigint, p_amount numeric) LANGUAGE plpgsql AS $$
BEGIN
  -- near-miss: request(id) is the primary key; the second call fails here
  INSERT INTO request (id) VALUES (p_request);
  INSERT INTO journal (account_id, amount) VALUES (p_from, -p_amount), (p_to, p_amount);
END $$;
