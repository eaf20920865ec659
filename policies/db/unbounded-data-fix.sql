-- stands-for: fixes/2026/fee-branch-0101.sql
-- breach: db/unbounded-data-fix
UPDATE account SET balance = balance + 500 WHERE branch_no = '0101';
COMMIT;
