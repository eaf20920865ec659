CREATE FUNCTION transfer(p_from bigint, p_to bigint, p_amount numeric) RETURNS void AS $$
BEGIN
  PERFORM 1 FROM account WHERE id = least(p_from, p_to) FOR UPDATE;
  -- near-miss: the lower number first
  PERFORM 1 FROM account WHERE id = greatest(p_from, p_to) FOR UPDATE;
END $$ LANGUAGE plpgsql;
