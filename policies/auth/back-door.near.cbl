       IDENTIFICATION DIVISION.
       PROGRAM-ID. FEECAL2.
       PROCEDURE DIVISION.
       2000-FEE.
      * near-miss: a kind of account, no account
           IF WS-ACCT-TYPE = 'STAFF'
               PERFORM 3000-STAFF-TARIFF-FEE
           END-IF.
       3000-STAFF-TARIFF-FEE.
           MOVE TRF-STAFF-FEE TO WS-FEE-AMT.
