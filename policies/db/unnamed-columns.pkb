CREATE OR REPLACE PACKAGE BODY pkg_statement AS
  PROCEDURE archive(p_acct IN VARCHAR2) IS
    l_txns txn_list;
    l_open NUMBER(10);
  BEGIN
    -- breach: db/unnamed-columns
    SELECT * BULK COLLECT INTO l_txns FROM txn_history WHERE acct_no = p_acct;
    -- breach: db/unnamed-columns
    INSERT INTO txn_archive VALUES (p_acct, SYSDATE);
    -- breach: db/unnamed-columns
    INSERT INTO txn_archive
    SELECT * FROM txn_history t WHERE t.acct_no = p_acct;
    INSERT INTO txn_archive (acct_no, amount)
    -- near-miss: the columns are named
    SELECT acct_no, amount FROM txn_history WHERE acct_no = p_acct;
    -- near-miss: a count
    SELECT COUNT(*) INTO l_open FROM txn_history
    -- near-miss: only whether there is one
     WHERE EXISTS (SELECT * FROM account a WHERE a.acct_no = p_acct);
    -- near-miss: a collection in memory
    FOR r IN (SELECT * FROM TABLE(l_txns)) LOOP
      NULL;
    END LOOP;
    -- near-miss: rates are multiplied
    SELECT amount * rate INTO l_open FROM txn_history WHERE acct_no = p_acct;
  END archive;
END pkg_statement;
/
