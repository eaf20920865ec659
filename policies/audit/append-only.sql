-- breach: audit/append-only
DELETE FROM audit_log WHERE created_at < DATE '2024-01-01';

-- breach: audit/append-only
UPDATE core.txn_journal SET amount = 0 WHERE txn_id = 4711;

-- breach: audit/append-only
TRUNCATE TABLE gl_entry;

-- breach: audit/append-only
MERGE INTO operation_log o USING staged s ON (o.id = s.id) WHEN MATCHED THEN UPDATE SET o.operator_id = s.operator_id;

-- near-miss: a reversal is a new record
INSERT INTO txn_journal (txn_id, ref_txn_id, txn_type, amount) VALUES (2, 1, 'REVERSAL', 100);

-- near-miss: the status of the account, not its journal
UPDATE account SET audit_status = 'OPEN' WHERE account_no = '6222';

-- near-miss: the journal's type table is configuration
UPDATE journal_type SET label = 'Fees' WHERE code = 'FEE';

-- near-miss: a working table
TRUNCATE TABLE tmp_txn_journal;

-- near-miss: only missing rows are added
MERGE INTO audit_log a USING staged s ON (a.id = s.id) WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id);

-- near-miss: the journal is only read
UPDATE account SET balance = (SELECT SUM(amount) FROM txn_journal j WHERE j.account_no = '6222') WHERE account_no = '6222';
