INSERT INTO journal (account_no, side, amount) VALUES ('10010001', 'D', 25.00);
COMMIT;
-- breach: txn/unbalanced-posting
INSERT INTO journal (account_no, side, amount) VALUES ('90010001', 'C', 20.00);
COMMIT;
