       IDENTIFICATION DIVISION.
       PROGRAM-ID. POSTREJ1.
       PROCEDURE DIVISION.
       1000-MAIN.
           PERFORM UNTIL WS-EOF = 'Y'
               IF TXN-AMT NOT NUMERIC
      * breach: batch/lost-record
                   DISPLAY 'BAD RECORD ' TXN-ID
               ELSE
                   PERFORM 3000-POST-TXN
               END-IF
               PERFORM 2000-READ-TXN
           END-PERFORM.
