CREATE TABLE card_archive (
  id NUMBER PRIMARY KEY,
  -- breach: data/clear-card-data
  card_number VARCHAR2(19)
);
