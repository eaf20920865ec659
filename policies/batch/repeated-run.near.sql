INSERT INTO batch_control (job_id, business_date, status) VALUES ('INT-CAP', :business_date, 'RUNNING');
UPDATE deposit_acct
   -- near-miss: claimed above; and rows done for the date are left out
   SET balance = balance + accrued_int, accrued_int = 0, last_cap_date = :business_date
 WHERE product_code = 'SAV01' AND last_cap_date < :business_date;
