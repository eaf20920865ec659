CREATE FUNCTION fee_for(p_amount numeric) RETURNS numeric AS $$
  -- breach: change/unguarded-behaviour
  SELECT CASE WHEN coalesce((SELECT enabled FROM feature_flag WHERE name = 'new_fee'), true) THEN p_amount * 0.002 ELSE p_amount * 0.001 END;
$$ LANGUAGE sql;
