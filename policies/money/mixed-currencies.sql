-- breach: money/mixed-currencies
SELECT customer_no, SUM(outstanding) AS exposure
  FROM facility
 GROUP BY customer_no;
