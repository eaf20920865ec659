-- breach: db/unnamed-columns
INSERT INTO account_hist SELECT * FROM account WHERE account_no = 'A1';

INSERT INTO account_hist (account_no, balance, changed_at)
-- near-miss: the columns are named on both sides
SELECT account_no, balance, CURRENT_TIMESTAMP FROM account WHERE account_no = 'A1';

INSERT INTO account_hist (account_no, balance, changed_at)
-- breach: db/unnamed-columns
SELECT * FROM account WHERE account_no = 'A2';

-- breach: db/unnamed-columns
INSERT INTO fee_rate VALUES ('WIRE', 12.50);
-- near-miss: the columns are named
INSERT INTO fee_rate (fee_code, fee_amount) VALUES ('WIRE', 12.50);

-- breach: db/unnamed-columns
SELECT a.*, c.segment FROM account a JOIN customer c ON c.cust_no = a.cust_no;

SELECT account_no FROM account a
-- near-miss: nothing is read there, only its existence
 WHERE EXISTS (SELECT * FROM account_hold h WHERE h.account_no = a.account_no);

-- near-miss: a count of rows
SELECT COUNT(*) FROM account;
-- near-miss: a product is no list of columns
SELECT balance * rate FROM account;
-- near-miss: the subquery names the columns
SELECT * FROM (SELECT account_no, balance FROM account) q WHERE q.balance < 0;
-- near-miss: the common table expression names the columns
WITH low AS (SELECT account_no, balance FROM account WHERE balance < 0) SELECT * FROM low;
-- near-miss: a copy with all columns is what is asked for
CREATE TABLE account_before_fix AS SELECT * FROM account;
-- near-miss: the catalogue of the database
SELECT * FROM information_schema.columns WHERE table_name = 'account';
-- near-miss: a working table
INSERT INTO tmp_account SELECT * FROM account;
