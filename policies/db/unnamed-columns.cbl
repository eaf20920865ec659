       IDENTIFICATION DIVISION.
       PROGRAM-ID. ACCTINQ.
       PROCEDURE DIVISION.
       0000-MAIN.
      * breach: db/unnamed-columns
           EXEC SQL SELECT * INTO :DCL-ACCT FROM ACCT
                WHERE ACCT_NO = :WS-ACCT-NO END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           EXEC SQL
      * near-miss: the columns are named
               SELECT ACCT_NO, AVAIL_BAL INTO :DCL-NO, :DCL-BAL
                 FROM ACCT WHERE ACCT_NO = :WS-ACCT-NO
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           EXEC SQL
      * near-miss: a count
               SELECT COUNT(*) INTO :WS-COUNT FROM ACCT
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           EXEC SQL
      * breach: db/unnamed-columns
               INSERT INTO ACCT_HIST VALUES (:WS-ACCT-NO, :WS-BAL)
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           GOBACK.
       9000-CHECK-SQLCODE.
           IF SQLCODE < 0
              CALL 'CEE3ABD'
           END-IF.
