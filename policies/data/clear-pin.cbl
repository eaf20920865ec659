       IDENTIFICATION DIVISION.
       PROGRAM-ID. PINCHK1.
       PROCEDURE DIVISION.
       2000-CHECK.
           CALL 'DESDEC' USING WS-PIN-BLOCK WS-KEY WS-CLEAR-PIN
      * breach: data/clear-pin
           IF WS-CLEAR-PIN = CARD-PIN
               MOVE 'Y' TO WS-OK
           END-IF.
