-- stands-for: fixes/2026/CHG-2026-0412.sql
-- CHG-2026-0412: a fee was refunded twice, three refunds
BEGIN;
CREATE TABLE bak_chg_2026_0412 AS SELECT * FROM fee_refund WHERE refund_id IN (8812, 8813, 8817);
-- near-miss: ticket, backup, keys with the old value, row check
UPDATE fee_refund SET status = 'VOID' WHERE refund_id IN (8812, 8813, 8817) AND status = 'DONE';
SELECT 1 / (CASE WHEN (SELECT count(*) FROM fee_refund WHERE refund_id IN (8812, 8813, 8817) AND status = 'VOID') = 3 THEN 1 ELSE 0 END);
COMMIT;
