       IDENTIFICATION DIVISION.
       PROGRAM-ID. POSTBAT1.
       PROCEDURE DIVISION.
       1000-MAIN.
           PERFORM 2000-READ-TXN
           PERFORM UNTIL WS-EOF
               PERFORM 3000-POST-TXN
      * breach: batch/not-restartable
               PERFORM 8000-COMMIT-IF-DUE
               PERFORM 2000-READ-TXN
           END-PERFORM.
       8000-COMMIT-IF-DUE.
           IF WS-CNT > 500
               EXEC SQL COMMIT END-EXEC
           END-IF.
