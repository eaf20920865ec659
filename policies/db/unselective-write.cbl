       IDENTIFICATION DIVISION.
       PROGRAM-ID. FEECLS.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-BATCH-ID             PIC X(10).
           EXEC SQL INCLUDE SQLCA END-EXEC.
       PROCEDURE DIVISION.
       0000-MAIN.
      * breach: db/unselective-write
           EXEC SQL DELETE FROM FEE_DUE END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           EXEC SQL
      * breach: db/unselective-write
               UPDATE ACCOUNT
                  SET DAY_TURNOVER = 0
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           EXEC SQL
      * near-miss: one batch
               DELETE FROM FEE_DUE
                WHERE BATCH_ID = :WS-BATCH-ID
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           EXEC SQL
      * near-miss: the fetched row
               UPDATE ACCOUNT
                  SET DAY_TURNOVER = 0
                WHERE CURRENT OF C-ACCT
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
      * near-miss: a message
           DISPLAY 'DELETE FROM FEE_DUE'
           GOBACK.
       9000-CHECK-SQLCODE.
           IF SQLCODE NOT = 0
              PERFORM 9900-ABEND
           END-IF.
       9900-ABEND.
           CALL 'CEE3ABD'.
