       IDENTIFICATION DIVISION.
       PROGRAM-ID. INTCAP2.
       PROCEDURE DIVISION.
       1000-MAIN.
           MOVE BUS-DATE TO WS-BUSINESS-DATE
           EXEC SQL INSERT INTO BATCH_CTL (JOB_ID, BUS_DATE)
               VALUES ('INTCAP', :WS-BUSINESS-DATE) END-EXEC
      * near-miss: the second run of the day ends here
           IF SQLCODE = -803
               PERFORM 9000-ALREADY-RUN
           END-IF
           PERFORM UNTIL WS-EOF
               ADD ACC-INTEREST TO ACC-BAL
               REWRITE ACC-REC
               PERFORM 2000-READ-ACC
           END-PERFORM.
