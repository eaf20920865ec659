       IDENTIFICATION DIVISION.
       PROGRAM-ID. PAYONL.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-RESP                 PIC S9(8) COMP.
       01  WS-AMT                  PIC S9(13)V99 COMP-3.
       01  WS-MSG                  PIC X(60) VALUE
           'EXEC SQL COMMIT END-EXEC IS NOT ALLOWED HERE'.
           EXEC SQL INCLUDE SQLCA END-EXEC.
       PROCEDURE DIVISION.
       0000-MAIN.
           EXEC CICS RECEIVE MAP('PAYMAP') MAPSET('PAYSET')
                RESP(WS-RESP) END-EXEC
           IF WS-RESP NOT = DFHRESP(NORMAL)
              PERFORM 9000-FAIL
           END-IF
           EXEC SQL
               UPDATE ACCT SET BAL = BAL - :WS-AMT
                WHERE ACCT_NO = :WS-PAYER
           END-EXEC
           IF SQLCODE NOT = 0
      * breach: txn/monitor-syncpoint
              EXEC SQL ROLLBACK END-EXEC
              PERFORM 9000-FAIL
           END-IF
      * breach: txn/monitor-syncpoint
           EXEC SQL
               COMMIT WORK
           END-EXEC
      * near-miss: the monitor ends the unit of work
           EXEC CICS SYNCPOINT RESP(WS-RESP) END-EXEC
           IF WS-RESP NOT = DFHRESP(NORMAL)
      * near-miss: the monitor takes the changes back
              EXEC CICS SYNCPOINT ROLLBACK END-EXEC
           END-IF
      * near-miss: a savepoint is kept inside the unit of work
           EXEC SQL ROLLBACK TO SAVEPOINT LEG1 END-EXEC
      * near-miss: EXEC SQL COMMIT END-EXEC stands in a comment
           EXEC CICS RETURN END-EXEC.
       9000-FAIL.
           EXEC CICS ABEND ABCODE('PAY1') END-EXEC.
