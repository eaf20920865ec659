       IDENTIFICATION DIVISION.
       PROGRAM-ID. REVRS01.
       PROCEDURE DIVISION.
       2000-REVERSE.
           MOVE REV-IN-ACCT TO WS-ACCT
           MOVE REV-IN-AMT  TO WS-AMT
      * breach: txn/unlinked-reversal
           EXEC SQL INSERT INTO JRNL (ACCT_NO, DRCR, AMT)
               VALUES (:WS-ACCT, 'C', :WS-AMT) END-EXEC.
