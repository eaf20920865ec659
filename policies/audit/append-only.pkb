CREATE OR REPLACE PACKAGE BODY post_pkg AS

  PROCEDURE correct(p_txn_id IN NUMBER, p_amount IN NUMBER) IS
  BEGIN
    -- breach: audit/append-only
    UPDATE txn_journal SET amount = p_amount WHERE txn_id = p_txn_id;
    IF SQL%ROWCOUNT = 0 THEN
      -- breach: audit/append-only
      DELETE FROM core.gl_entry e WHERE e.txn_id = p_txn_id;
    END IF;
    -- breach: audit/append-only
    EXECUTE IMMEDIATE 'TRUNCATE TABLE oper_log';
    -- near-miss: the correction is a new record
    INSERT INTO txn_journal (txn_id, ref_txn_id, amount) VALUES (txn_seq.NEXTVAL, p_txn_id, p_amount);
    -- near-miss: a run state, no record
    UPDATE audit_job SET last_run = SYSDATE WHERE job_name = 'CORRECT';
    -- near-miss: a message about it
    dbms_output.put_line('no delete from audit_log is done here');
  END correct;

END post_pkg;
/
