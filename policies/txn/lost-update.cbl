       IDENTIFICATION DIVISION.
       PROGRAM-ID. WDRL01.
       PROCEDURE DIVISION.
       2000-WITHDRAW.
           EXEC SQL
               SELECT BALANCE INTO :WS-BAL FROM ACCT
                WHERE ACCT_NO = :WS-ACCT-NO
           END-EXEC
           SUBTRACT WS-TRF-AMT FROM WS-BAL
           EXEC SQL
      * breach: txn/lost-update
               UPDATE ACCT SET BALANCE = :WS-BAL
                WHERE ACCT_NO = :WS-ACCT-NO
           END-EXEC.
