       IDENTIFICATION DIVISION.
       PROGRAM-ID. POSTBAT2.
       PROCEDURE DIVISION.
       1000-MAIN.
           PERFORM 1500-READ-RESTART-KEY
           PERFORM 1600-SKIP-TO-RESTART-KEY
           PERFORM UNTIL WS-EOF
               PERFORM 3000-POST-TXN
      * near-miss: the key is saved in the same commit and skipped to at the start
               PERFORM 8100-SAVE-KEY-AND-COMMIT
               PERFORM 2000-READ-TXN
           END-PERFORM.
