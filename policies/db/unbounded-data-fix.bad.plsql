-- stands-for: fixes/2026/cards.pls
DECLARE
  n NUMBER;
BEGIN
  -- breach: db/unbounded-data-fix
  DELETE FROM card WHERE status = 'X';
END;
