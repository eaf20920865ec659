-- stands-for: changes/parameters.sql
-- breach: change/undeclared-change
UPDATE fee_param SET min_fee = 0 WHERE product = 'TRF';
