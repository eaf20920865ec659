       IDENTIFICATION DIVISION.
       PROGRAM-ID. REVRS02.
       PROCEDURE DIVISION.
       2000-REVERSE.
           EXEC SQL UPDATE PAYMENT SET STATUS = 'R'
               WHERE PAY_NO = :REV-PAY-NO AND STATUS = 'P' END-EXEC
      * near-miss: only one reversal of a posted payment gets here
           IF SQLCODE = 0 AND SQLERRD (3) = 1
               EXEC SQL INSERT INTO JRNL (ACCT_NO, DRCR, AMT, CONTRA)
                   SELECT PAYER, 'C', AMT, PAY_NO FROM PAYMENT
                    WHERE PAY_NO = :REV-PAY-NO END-EXEC
           END-IF.
