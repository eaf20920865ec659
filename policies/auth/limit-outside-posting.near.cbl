       IDENTIFICATION DIVISION.
       PROGRAM-ID. LMTCHK2.
       PROCEDURE DIVISION.
       2000-CHECK.
           EXEC SQL UPDATE DAILY_LIMIT
               SET USED_TODAY = USED_TODAY + :WS-TRF-AMT
               WHERE CUST_NO = :WS-CUST-NO
                 AND USED_TODAY + :WS-TRF-AMT <= MAX_AMT END-EXEC
      * near-miss: claimed by the update, in the same unit of work
           IF SQLCODE = 0 AND SQLERRD (3) = 1 AND WS-DAILY-LIMIT > 0
               PERFORM 3000-POST
           END-IF.
