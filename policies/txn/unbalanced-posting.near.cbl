       IDENTIFICATION DIVISION.
       PROGRAM-ID. POST02.
       PROCEDURE DIVISION.
       3000-POST.
           EXEC SQL INSERT INTO JRNL (ACCT_NO, DRCR, AMT)
               VALUES (:WS-PAYER, 'D', :WS-AMT) END-EXEC
           EXEC SQL INSERT INTO JRNL (ACCT_NO, DRCR, AMT)
               VALUES (:WS-PAYEE, 'C', :WS-AMT) END-EXEC
      * near-miss: both legs at one syncpoint
           EXEC CICS SYNCPOINT RESP(WS-RESP) END-EXEC.
