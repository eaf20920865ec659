       IDENTIFICATION DIVISION.
       PROGRAM-ID. FEESW1.
       PROCEDURE DIVISION.
       2000-FEE.
           ACCEPT WS-TODAY FROM DATE YYYYMMDD
      * breach: change/unguarded-behaviour
           IF WS-TODAY > WS-EFF-DATE
               PERFORM 3000-NEW-FEE
           ELSE
               PERFORM 3500-OLD-FEE
           END-IF.
