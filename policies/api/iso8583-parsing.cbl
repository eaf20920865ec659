       IDENTIFICATION DIVISION.
       PROGRAM-ID. ISORSP1.
       PROCEDURE DIVISION.
       2000-RESPONSE.
           MOVE ISO-F011 TO WS-STAN
           PERFORM 3000-FIND-BY-STAN
      * breach: api/iso8583-parsing
           IF ISO-F039 = '00' OR SPACES
               MOVE 'A' TO TXN-STATUS
           END-IF.
