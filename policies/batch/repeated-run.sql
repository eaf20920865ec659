UPDATE deposit_acct
   -- breach: batch/repeated-run
   SET balance = balance + accrued_int, accrued_int = 0
 WHERE product_code = 'SAV01';
