-- near-miss: plain text
SELECT id FROM account;
-- breach: audit/hidden-characters
SELECT id FROM acc​ount;
