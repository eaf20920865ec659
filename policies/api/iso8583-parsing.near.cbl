       IDENTIFICATION DIVISION.
       PROGRAM-ID. ISORSP2.
       PROCEDURE DIVISION.
       2000-RESPONSE.
           MOVE ISO-F011 TO KEY-STAN
           MOVE ISO-F037 TO KEY-RRN
           MOVE ISO-F041 TO KEY-TERM
           PERFORM 3000-FIND-BY-KEY
      * near-miss: only the listed code approves
           IF ISO-F039 = '00'
               MOVE 'A' TO TXN-STATUS
           ELSE
               MOVE 'D' TO TXN-STATUS
           END-IF.
