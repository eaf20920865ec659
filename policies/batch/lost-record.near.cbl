       IDENTIFICATION DIVISION.
       PROGRAM-ID. POSTREJ2.
       PROCEDURE DIVISION.
       1000-MAIN.
           PERFORM UNTIL WS-EOF = 'Y'
               IF TXN-AMT NOT NUMERIC
                   MOVE 'AMT' TO REJ-REASON
                   MOVE TXN-REC TO REJ-DATA
      * near-miss: written with its reason, and counted
                   WRITE REJ-REC
                   ADD 1 TO WS-REJ-COUNT
               ELSE
                   PERFORM 3000-POST-TXN
               END-IF
               PERFORM 2000-READ-TXN
           END-PERFORM.
