       IDENTIFICATION DIVISION.
       PROGRAM-ID. RSPMAP1.
       PROCEDURE DIVISION.
       2000-MAP.
           IF RSP-CODE = '51' OR '55'
               MOVE 'F' TO PAY-STATUS
           ELSE
      * breach: api/unknown-response-code
               MOVE 'S' TO PAY-STATUS
           END-IF.
