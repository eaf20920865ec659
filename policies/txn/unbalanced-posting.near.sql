BEGIN;
INSERT INTO journal (account_no, side, amount) VALUES ('10010001', 'D', 25.00);
-- near-miss: balances, and commits together
INSERT INTO journal (account_no, side, amount) VALUES ('90010001', 'C', 25.00);
COMMIT;
