       IDENTIFICATION DIVISION.
       PROGRAM-ID. INTCAP1.
       PROCEDURE DIVISION.
       1000-MAIN.
           MOVE BUS-DATE TO WS-BUSINESS-DATE
           PERFORM UNTIL WS-EOF
      * breach: batch/repeated-run
               ADD ACC-INTEREST TO ACC-BAL
               REWRITE ACC-REC
               PERFORM 2000-READ-ACC
           END-PERFORM.
