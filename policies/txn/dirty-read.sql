SELECT available_balance
-- breach: txn/dirty-read
  FROM account WITH (NOLOCK)
 WHERE account_no = @acct;

SELECT p.amount
  FROM branch b
-- breach: txn/dirty-read
  JOIN dbo.payment AS p (ROWLOCK, READUNCOMMITTED) ON p.branch_no = b.branch_no;

SELECT avail_bal FROM core.acct WHERE acct_no = '6222'
-- breach: txn/dirty-read
  WITH UR;

-- breach: txn/dirty-read
SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED;

SELECT available_balance
-- near-miss: locked until the update
  FROM account WITH (UPDLOCK, ROWLOCK)
 WHERE account_no = @acct;

-- near-miss: no money is decided on the list of branches
SELECT branch_name FROM branch WITH (NOLOCK);

-- near-miss: stable reads
SELECT avail_bal FROM acct WHERE acct_no = '6222' WITH RS;

-- near-miss: a stricter level
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
