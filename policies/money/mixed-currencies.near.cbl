       IDENTIFICATION DIVISION.
       PROGRAM-ID. EXPO02.
       PROCEDURE DIVISION.
       1000-SUM-FACILITIES.
           PERFORM UNTIL WS-EOF = 'Y'
               IF FAC-CCY NOT = WS-LIMIT-CCY
                   PERFORM 3000-CONVERT-TO-LIMIT-CCY
               END-IF
      * near-miss: converted by the paragraph above where it differs
               ADD WS-CONVERTED-AMT TO WS-EXPOSURE
               PERFORM 2000-READ-FACILITY
           END-PERFORM.
       3000-CONVERT-TO-LIMIT-CCY.
           COMPUTE WS-CONVERTED-AMT ROUNDED = FAC-OUTST-AMT * WS-FX-RATE.
