CREATE OR REPLACE PROCEDURE close_day(p_business_date IN DATE) IS
BEGIN
  -- breach: batch/end-of-day-collision
  UPDATE sys_param SET business_date = p_business_date + 1;
END;
