CREATE OR REPLACE PROCEDURE post_all IS
BEGIN
  FOR r IN (SELECT * FROM txn WHERE status = 'N') LOOP
    BEGIN
      post_one(r.txn_id);
    EXCEPTION
      -- breach: batch/lost-record
      WHEN OTHERS THEN DBMS_OUTPUT.PUT_LINE(SQLERRM);
    END;
  END LOOP;
END;
