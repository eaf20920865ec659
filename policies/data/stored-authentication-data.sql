CREATE TABLE card_payment (
  payment_id  BIGINT PRIMARY KEY,
  card_token  VARCHAR(32) NOT NULL,
  -- breach: data/stored-authentication-data
  cvv2        VARCHAR(4),
  -- breach: data/stored-authentication-data
  track2_data VARCHAR(40),
  -- near-miss: the outcome of a check
  cvv_result  CHAR(1),
  -- near-miss: a counter
  pin_try_count INTEGER,
  -- near-miss: a postal code
  pincode     VARCHAR(6),
  auth_code   VARCHAR(6)
);

-- near-miss: a reference of the authorisation
ALTER TABLE card_txn ADD COLUMN auth_code VARCHAR(6);
-- breach: data/stored-authentication-data
ALTER TABLE card_txn ADD COLUMN pin_block VARCHAR(16);
-- breach: data/stored-authentication-data
INSERT INTO auth_log (stan, card_token, cvv) VALUES (:stan, :token, :cvv);
-- near-miss: nothing of the card's secrets
INSERT INTO auth_log (stan, card_token, auth_code) VALUES (:stan, :token, :code);
