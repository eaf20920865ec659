       IDENTIFICATION DIVISION.
       PROGRAM-ID. CLRSND2.
       PROCEDURE DIVISION.
       4000-WAIT-REPLY.
           CALL 'MQGET' USING WS-HCONN WS-HOBJ WS-MD WS-GMO
                WS-BUFLEN RSP-MSG WS-DATALEN WS-CC WS-RC
           IF WS-RC = MQRC-NO-MSG-AVAILABLE
      * near-miss: unknown; the enquiry decides
               MOVE 'U' TO PAY-STATUS
               PERFORM 5000-ENQUIRE-LATER
           END-IF.
       5000-ENQUIRE-LATER.
           MOVE PAY-REF TO ENQ-REF.
