       IDENTIFICATION DIVISION.
       PROGRAM-ID. POST01.
       PROCEDURE DIVISION.
       3000-POST.
           EXEC SQL INSERT INTO JRNL (ACCT_NO, DRCR, AMT)
               VALUES (:WS-PAYER, 'D', :WS-AMT) END-EXEC
           EXEC SQL COMMIT END-EXEC
      * breach: txn/unbalanced-posting
           EXEC SQL INSERT INTO JRNL (ACCT_NO, DRCR, AMT)
               VALUES (:WS-PAYEE, 'C', :WS-AMT) END-EXEC
           EXEC SQL COMMIT END-EXEC.
