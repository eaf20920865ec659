       IDENTIFICATION DIVISION.
       PROGRAM-ID. PINCHK2.
       PROCEDURE DIVISION.
       2000-CHECK.
      * near-miss: the HSM compares; the card's PVV and the block go in
           CALL 'HSMVPIN' USING WS-PIN-BLOCK CARD-PVV WS-HSM-RC
           IF WS-HSM-RC = '00'
               MOVE 'Y' TO WS-OK
           END-IF.
