CREATE TABLE card (
  id bigint PRIMARY KEY,
  -- breach: data/clear-card-data
  card_no varchar(19) NOT NULL,
  -- not-asked: encrypted
  card_no_enc varbinary(96) NOT NULL
);
CREATE TABLE card_token (
  id bigint PRIMARY KEY,
  -- near-miss: six and four, as the length and the check say
  pan char(10) CHECK (length(pan) = 10)
);
