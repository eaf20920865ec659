CREATE OR REPLACE PROCEDURE post_or_reject IS
  v_reason VARCHAR2(200);
BEGIN
  FOR r IN (SELECT * FROM txn WHERE status = 'N') LOOP
    BEGIN
      post_one(r.txn_id);
    EXCEPTION
      WHEN OTHERS THEN
        v_reason := SQLERRM;
        -- near-miss: stored with the reason
        INSERT INTO txn_reject (txn_id, amt, reason) VALUES (r.txn_id, r.amt, v_reason);
    END;
  END LOOP;
END;
