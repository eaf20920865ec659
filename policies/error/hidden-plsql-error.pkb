CREATE OR REPLACE PACKAGE BODY fee_pkg AS

  PROCEDURE post_all(p_date IN DATE) IS
  BEGIN
    FOR r IN (SELECT account_no, fee FROM fee_due WHERE due_date = p_date) LOOP
      BEGIN
        post_fee(r.account_no, r.fee);
      EXCEPTION
        -- breach: error/hidden-plsql-error
        WHEN OTHERS THEN NULL;
      END;
    END LOOP;
  EXCEPTION
    -- near-miss: one expected outcome
    WHEN NO_DATA_FOUND THEN NULL;
    -- near-miss: logged and raised again
    WHEN OTHERS THEN
      IF p_date IS NOT NULL THEN
        err_log.write('post_all', p_date, SQLCODE, SQLERRM);
      END IF;
      RAISE;
  END post_all;

  PROCEDURE settle(p_batch IN NUMBER) IS
  BEGIN
    post_batch(p_batch);
    COMMIT;
  EXCEPTION
    -- breach: error/hidden-plsql-error
    WHEN OTHERS THEN
      ROLLBACK;
      dbms_output.put_line('settle failed ' || SQLERRM);
  END settle;

  PROCEDURE accrue(p_account IN VARCHAR2, p_ret OUT NUMBER) IS
  BEGIN
    accrue_one(p_account);
    p_ret := 0;
  EXCEPTION
    -- near-miss: the error goes to the caller
    WHEN OTHERS THEN
      p_ret := SQLCODE;
  END accrue;

  FUNCTION rate_of(p_product IN VARCHAR2) RETURN NUMBER IS
  BEGIN
    RETURN rate_table.find(p_product);
  EXCEPTION
    -- near-miss: translated
    WHEN OTHERS THEN
      RAISE_APPLICATION_ERROR(-20017, 'no rate for ' || p_product);
  END rate_of;

  -- near-miss: WHEN OTHERS THEN NULL in a comment

END fee_pkg;
/
