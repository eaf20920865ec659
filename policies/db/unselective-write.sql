-- Dormancy run, release 24.3

-- breach: db/unselective-write
UPDATE account SET status = 'DORMANT';

-- breach: db/unselective-write
DELETE FROM core.fee_due;

UPDATE customer SET risk_class = 'B'
-- breach: db/unselective-write
 WHERE 1 = 1;

DELETE FROM standing_order
-- breach: db/unselective-write
 WHERE branch_no = '0417' OR 1 = 1;

-- breach: db/unselective-write
TRUNCATE TABLE account_balance;

-- near-miss: the old accounts of one status
UPDATE account SET status = 'DORMANT'
 WHERE last_txn_date < DATE '2020-01-01' AND status = 'ACTIVE';

-- near-miss: a key stands beside the constant
DELETE FROM fee_due WHERE 1 = 1 AND batch_id = 20240131;

-- near-miss: a working table may be emptied
DELETE FROM tmp_fee_due;

-- near-miss: a staging table may be emptied
TRUNCATE TABLE stg_account_balance;

-- near-miss: the join selects the rows
UPDATE a SET a.status = 'CLOSED' FROM account a JOIN closing_list c ON c.account_no = a.account_no;

-- near-miss: an upsert touches one row
INSERT INTO account_limit (account_no, daily_limit) VALUES ('6222', 5000)
ON DUPLICATE KEY UPDATE daily_limit = 5000;

-- near-miss: nothing is deleted, the rule is declared
ALTER TABLE entry ADD CONSTRAINT fk_entry_account FOREIGN KEY (account_no) REFERENCES account (account_no) ON DELETE CASCADE;

-- near-miss: only a privilege
GRANT UPDATE, DELETE ON account TO teller_role;

ALTER TABLE customer ADD COLUMN risk_score INTEGER;
-- near-miss: the new column is filled
UPDATE customer SET risk_score = 0;

-- near-miss: a table of one row
UPDATE system_config SET business_date = DATE '2024-01-31';

-- near-miss: the expression chooses the row
WITH next_posting AS (SELECT state FROM posting WHERE posted_at IS NULL ORDER BY id LIMIT 1)
UPDATE next_posting SET state = 'TAKEN';
