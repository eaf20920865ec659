-- stands-for: db/api/transfer.sql
CREATE OR REPLACE FUNCTION transfer(p_from bigint,
  -- breach: api/incompatible-interface
  p_channel text,
  p_to bigint, p_amount numeric) RETURNS bigint AS $$ SELECT 1 $$ LANGUAGE sql;
