SELECT customer_no, currency, SUM(outstanding) AS exposure
  FROM facility
-- near-miss: grouped by currency too
 GROUP BY customer_no, currency;
