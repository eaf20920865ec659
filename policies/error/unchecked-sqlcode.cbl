       IDENTIFICATION DIVISION.
       PROGRAM-ID. XFRPOST.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-AMT                  PIC S9(13)V99 COMP-3.
       01  WS-EOF                  PIC X VALUE 'N'.
           EXEC SQL INCLUDE SQLCA END-EXEC.
       PROCEDURE DIVISION.
       0000-MAIN.
           PERFORM 1000-POST
           PERFORM 2000-LIST
           GOBACK.
       1000-POST.
      * breach: error/unchecked-sqlcode
           EXEC SQL
               UPDATE ACCT SET BAL = BAL - :WS-AMT
                WHERE ACCT_NO = :WS-PAYER
           END-EXEC
           MOVE WS-AMT TO WS-POSTED
      * near-miss: every code has its branch
           EXEC SQL
               UPDATE ACCT SET BAL = BAL + :WS-AMT
                WHERE ACCT_NO = :WS-PAYEE
           END-EXEC
           EVALUATE SQLCODE
               WHEN 0     CONTINUE
               WHEN 100   PERFORM 9110-ACCT-NOT-FOUND
               WHEN OTHER PERFORM 9100-DB-ERROR
           END-EVALUATE
           IF WS-AMT > 1000
      * near-miss: both branches are tested below
              EXEC SQL
                  INSERT INTO BIG_TXN (AMT) VALUES (:WS-AMT)
              END-EXEC
           ELSE
              EXEC SQL
                  INSERT INTO SMALL_TXN (AMT) VALUES (:WS-AMT)
              END-EXEC
           END-IF
           IF SQLCODE NOT = ZERO
              PERFORM 9100-DB-ERROR
           END-IF
      * breach: error/unchecked-sqlcode
           EXEC SQL
               INSERT INTO TXN_JOURNAL (AMT) VALUES (:WS-AMT)
           END-EXEC
           PERFORM 4000-QUEUE-PAYMENT
           EXEC SQL COMMIT END-EXEC
           MOVE SQLCODE TO WS-SQLCODE-DISPLAY
           IF WS-SQLCODE-DISPLAY < 0
              PERFORM 9100-DB-ERROR
           END-IF.
       2000-LIST.
      * near-miss: the check paragraph is performed
           EXEC SQL OPEN C-ACCT END-EXEC
           PERFORM 9000-CHECK-SQLCODE THRU 9000-EXIT
           PERFORM UNTIL SQLCODE = 100
      * near-miss: the loop tests it
              EXEC SQL
                  FETCH C-ACCT INTO :WS-ACCT
              END-EXEC
           END-PERFORM
      * near-miss: the caller of the paragraph may test it
           EXEC SQL CLOSE C-ACCT END-EXEC.
       3000-CLOSE-DAY.
      * breach: error/unchecked-sqlcode
           EXEC SQL
               UPDATE BUSINESS_DAY SET STATUS = 'C'
                WHERE DAY_ID = :WS-DAY-ID
           END-EXEC
           MOVE 'Y' TO WS-CLOSED
           GOBACK.
       3500-CLOSE-BRANCH.
      * near-miss: tested before the end
           EXEC SQL
               UPDATE BRANCH SET STATUS = 'C'
                WHERE BRANCH_ID = :WS-BRANCH-ID
           END-EXEC
           IF SQLCODE NOT = 0
              PERFORM 9100-DB-ERROR
           END-IF
           GOBACK.
       4000-QUEUE-PAYMENT.
           MOVE 'Q' TO WS-STATE.
       9000-CHECK-SQLCODE.
           IF SQLCODE < 0
              PERFORM 9100-DB-ERROR
           END-IF.
       9000-EXIT.
           EXIT.
       9100-DB-ERROR.
           CALL 'CEE3ABD'.
       9110-ACCT-NOT-FOUND.
           MOVE 'N' TO WS-FOUND.
