UPDATE loan
   -- near-miss: the function reads the holiday table
   SET due_date = next_business_day(add_months(due_date, 1), currency)
 WHERE status = 'ACTIVE';
