CREATE OR REPLACE PACKAGE BODY post_pkg AS

  PROCEDURE post(p_id IN NUMBER) IS
  BEGIN
    post_entry(p_id);
    -- breach: audit/console-output
    DBMS_OUTPUT.PUT_LINE('posted ' || p_id);
  EXCEPTION
    WHEN OTHERS THEN
      -- breach: audit/console-output
      dbms_output.put('failed ');
      -- near-miss: the log table takes it
      err_log.write('post', p_id, SQLERRM);
      -- near-miss: a file is written
      UTL_FILE.PUT_LINE(g_report, p_id);
      RAISE;
  END post;

END post_pkg;
/
