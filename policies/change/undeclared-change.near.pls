-- stands-for: changes/CHG-2026-0777.pls
-- near-miss: CHG-2026-0777: tariff 2026-07, section 3
UPDATE fee_param SET min_fee = 1 WHERE product = 'TRF';
