       IDENTIFICATION DIVISION.
       PROGRAM-ID. CRDSTO2.
       PROCEDURE DIVISION.
       2000-STORE.
           CALL 'TOKENISE' USING IN-CARD-NO WS-TOKEN
      * near-miss: the token is written
           MOVE WS-TOKEN TO CRD-TOKEN
           MOVE IN-CARD-NO TO WS-CARD-NO
           MOVE SPACES TO WS-CARD-NO
           WRITE CRD-REC.
