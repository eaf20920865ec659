CREATE OR REPLACE PACKAGE BODY fee_pkg AS

  PROCEDURE close_day(p_date IN DATE) IS
    l_due t_fee_tab;
  BEGIN
    -- near-miss: a date selects the rows
    UPDATE fee_due SET status = 'S' WHERE due_date <= p_date;
    -- breach: db/unselective-write
    UPDATE account_balance SET day_turnover = 0, day_count = 0;
    -- near-miss: a collection is emptied, not a table
    l_due.DELETE;
    IF p_date IS NOT NULL THEN
      -- breach: db/unselective-write
      DELETE FROM fee_due;
    END IF;
    -- near-miss: a working table
    DELETE FROM wrk_fee_due;
    -- breach: db/unselective-write
    EXECUTE IMMEDIATE 'TRUNCATE TABLE core.daily_position';
    -- near-miss: a global temporary table
    EXECUTE IMMEDIATE 'TRUNCATE TABLE gtt_position';
    FOR r IN (SELECT account_no FROM account FOR UPDATE OF status) LOOP
      -- near-miss: the locked row only
      UPDATE account SET status = 'D' WHERE account_no = r.account_no;
    END LOOP;
    -- breach: db/unselective-write
    UPDATE customer c SET c.segment = 'R' WHERE 1 = 1;
  END close_day;

END fee_pkg;
/
