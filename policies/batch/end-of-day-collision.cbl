       IDENTIFICATION DIVISION.
       PROGRAM-ID. EODBAL1.
       PROCEDURE DIVISION.
       1000-MAIN.
           PERFORM UNTIL WS-EOF = 'Y'
               MOVE BUS-DATE TO EOD-DATE
      * breach: batch/end-of-day-collision
               MOVE ACC-BAL TO EOD-BAL
               WRITE EOD-REC
               PERFORM 2000-READ-ACC
           END-PERFORM.
