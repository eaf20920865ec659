       IDENTIFICATION DIVISION.
       PROGRAM-ID. LMTCHK1.
       PROCEDURE DIVISION.
       2000-CHECK.
           EXEC SQL SELECT SUM(AMT) INTO :WS-USED-TODAY FROM TXN
               WHERE CUST_NO = :WS-CUST-NO END-EXEC
      * breach: auth/limit-outside-posting
           IF WS-USED-TODAY + WS-TRF-AMT > WS-DAILY-LIMIT
               PERFORM 9000-REFUSE
           ELSE
               PERFORM 3000-POST
           END-IF.
