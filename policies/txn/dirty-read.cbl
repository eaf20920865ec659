       IDENTIFICATION DIVISION.
       PROGRAM-ID. LIMCHK.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-AVAIL                PIC S9(13)V99 COMP-3.
       PROCEDURE DIVISION.
       0000-MAIN.
           EXEC SQL
               SELECT AVAIL_BAL INTO :WS-AVAIL FROM ACCT
      * breach: txn/dirty-read
                WHERE ACCT_NO = :WS-ACCT-NO WITH UR
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           EXEC SQL
               DECLARE C-HOLD CURSOR FOR
               SELECT HOLD_AMT FROM CORE.ACCT_HOLD H
                WHERE H.ACCT_NO = :WS-ACCT-NO
                ORDER BY H.HOLD_DATE
                FOR FETCH ONLY
      * breach: txn/dirty-read
                WITH UR
           END-EXEC
           EXEC SQL
               SELECT AVAIL_BAL INTO :WS-AVAIL FROM ACCT
                WHERE ACCT_NO = :WS-ACCT-NO
      * near-miss: the row is kept locked
                 WITH RS USE AND KEEP UPDATE LOCKS
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           EXEC SQL
               SELECT BRANCH_NAME INTO :WS-NAME FROM BRANCH
      * near-miss: no money is decided on a name
                WHERE BRANCH_NO = :WS-BRANCH WITH UR
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           GOBACK.
       9000-CHECK-SQLCODE.
           IF SQLCODE < 0
              CALL 'CEE3ABD'
           END-IF.
