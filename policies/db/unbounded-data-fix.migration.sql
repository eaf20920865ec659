-- stands-for: migrations/V42__currency.sql
ALTER TABLE account ADD COLUMN currency char(3);
-- near-miss: fills the column that the migration adds
UPDATE account SET currency = 'EUR' WHERE currency IS NULL;
