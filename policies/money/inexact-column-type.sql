CREATE TABLE ledger_entry (
  entry_id   BIGINT PRIMARY KEY,
  account_no VARCHAR(32) NOT NULL,
  -- breach: money/inexact-column-type
  amount     FLOAT NOT NULL,
  -- near-miss: exact
  fee        DECIMAL(18,2) NOT NULL,
  -- breach: money/inexact-column-type
  int_rate   DOUBLE PRECISION,
  -- near-miss: a probability of default
  pd_score   REAL,
  -- near-miss: a count
  price_count NUMBER,
  -- breach: money/inexact-column-type
  avail_bal  NUMBER,
  -- near-miss: precision and scale
  tax        NUMBER(18,2),
  -- near-miss: a text column
  price_note VARCHAR(40) DEFAULT 'amount float'
);

-- breach: money/inexact-column-type
ALTER TABLE deposit_account ADD COLUMN accrued_interest real;
-- near-miss: exact
ALTER TABLE deposit_account ALTER COLUMN balance TYPE numeric(18,2);
-- breach: money/inexact-column-type
SELECT CAST(balance AS FLOAT) FROM deposit_account;
-- near-miss: exact
SELECT CAST(balance AS DECIMAL(18,2)), weight::float FROM deposit_account;
-- breach: money/inexact-column-type
SELECT sum(d.amount::float8) FROM deposit_account d;
