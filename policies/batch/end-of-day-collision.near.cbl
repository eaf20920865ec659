       IDENTIFICATION DIVISION.
       PROGRAM-ID. EODBAL2.
       PROCEDURE DIVISION.
       1000-MAIN.
           PERFORM UNTIL WS-EOF = 'Y'
               MOVE BUS-DATE TO EOD-DATE
      * near-miss: the balance of the closed day, without what came after
               COMPUTE EOD-BAL = ACC-BAL - ACC-NEXT-DAY-MVT
               WRITE EOD-REC
               PERFORM 2000-READ-ACC
           END-PERFORM.
