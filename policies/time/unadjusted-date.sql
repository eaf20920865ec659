UPDATE loan
   -- breach: time/unadjusted-date
   SET due_date = add_months(due_date, 1)
 WHERE status = 'ACTIVE';
