INSERT INTO fee_share (fee_id, branch_no, amount)
-- breach: money/split-remainder
SELECT f.fee_id, s.branch_no, ROUND(f.amount * s.weight / 100, 2)
  FROM fee f JOIN fee_split s ON s.product_code = f.product_code;
