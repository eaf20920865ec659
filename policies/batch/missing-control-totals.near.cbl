       IDENTIFICATION DIVISION.
       PROGRAM-ID. PAYFIL2.
       PROCEDURE DIVISION.
       1000-MAIN.
           OPEN INPUT PAY-FILE
           PERFORM 2000-COUNT-AND-SUM
      * near-miss: a difference ends the run before anything is posted
           IF WS-COUNT NOT = TRL-COUNT OR WS-SUM-AMT NOT = TRL-AMT
               PERFORM 9000-REJECT-FILE
               STOP RUN
           END-IF
           PERFORM 2500-READ-PAYMENT
           PERFORM UNTIL WS-EOF = 'Y'
               PERFORM 3000-POST-PAYMENT
               PERFORM 2500-READ-PAYMENT
           END-PERFORM.
       2500-READ-PAYMENT.
           READ PAY-FILE AT END MOVE 'Y' TO WS-EOF END-READ.
