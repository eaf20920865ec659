       IDENTIFICATION DIVISION.
       PROGRAM-ID. PAYSEND.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
           EXEC SQL INCLUDE SQLCA END-EXEC.
       PROCEDURE DIVISION.
       0000-MAIN.
      * breach: txn/unchecked-row-count
           EXEC SQL
               UPDATE PAYMENT SET STATUS = 'S'
                WHERE PAY_ID = :WS-PAY-ID AND STATUS = 'A'
           END-EXEC
           IF SQLCODE < 0
              PERFORM 9100-DB-ERROR
           END-IF
           PERFORM 4000-QUEUE-PAYMENT
      * breach: txn/unchecked-row-count
           EXEC SQL
               UPDATE ACCT SET BALANCE = BALANCE - :WS-AMT
                WHERE ACCT_NO = :WS-ACCT-NO
                  AND BALANCE >= :WS-AMT
           END-EXEC
           PERFORM 4000-QUEUE-PAYMENT
           EXEC CICS SYNCPOINT RESP(WS-RESP) END-EXEC
      * near-miss: row not found has its branch
           EXEC SQL
               UPDATE PAYMENT SET STATUS = 'S'
                WHERE PAY_ID = :WS-PAY-ID AND STATUS = 'A'
           END-EXEC
           IF SQLCODE = 0 AND SQLERRD(3) = 1
              PERFORM 4000-QUEUE-PAYMENT
           ELSE
              PERFORM 9100-STATE-CONFLICT
           END-IF
      * near-miss: anything but zero is a failure
           EXEC SQL
               DELETE FROM HOLD
                WHERE HOLD_ID = :WS-HOLD-ID AND STATUS = 'A'
           END-EXEC
           IF SQLCODE NOT = 0
              PERFORM 9100-DB-ERROR
           END-IF
      * near-miss: no business condition
           EXEC SQL
               UPDATE PAYMENT SET LABEL = :WS-LABEL
                WHERE PAY_ID = :WS-PAY-ID
           END-EXEC
           IF SQLCODE < 0
              PERFORM 9100-DB-ERROR
           END-IF
           GOBACK.
       4000-QUEUE-PAYMENT.
           MOVE 'Q' TO WS-QUEUED.
       9100-DB-ERROR.
           CALL 'CEE3ABD'.
