       IDENTIFICATION DIVISION.
       PROGRAM-ID. RSPMAP2.
       PROCEDURE DIVISION.
       2000-MAP.
           EVALUATE RSP-CODE
               WHEN '00'
                   MOVE 'S' TO PAY-STATUS
               WHEN '51' WHEN '55'
                   MOVE 'F' TO PAY-STATUS
      * near-miss: unlisted codes are unknown
               WHEN OTHER
                   MOVE 'U' TO PAY-STATUS
           END-EVALUATE.
