       IDENTIFICATION DIVISION.
       PROGRAM-ID. CLRSND1.
       PROCEDURE DIVISION.
       4000-WAIT-REPLY.
           CALL 'MQGET' USING WS-HCONN WS-HOBJ WS-MD WS-GMO
                WS-BUFLEN RSP-MSG WS-DATALEN WS-CC WS-RC
           IF WS-RC = MQRC-NO-MSG-AVAILABLE
      * breach: txn/timeout-as-failure
               MOVE 'F' TO PAY-STATUS
               PERFORM 5000-RELEASE-HOLD
           END-IF.
       5000-RELEASE-HOLD.
           MOVE ZERO TO HLD-AMT.
