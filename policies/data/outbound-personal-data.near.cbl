       IDENTIFICATION DIVISION.
       PROGRAM-ID. WEBSND2.
       PROCEDURE DIVISION.
       2000-SEND.
           PERFORM 1000-CHECK-CONSENT
           IF WS-CONSENT NOT = 'Y'
               GOBACK
           END-IF
           CALL 'TOKENISE' USING ID-CARD-NO REQ-TOKEN
      * near-miss: consent first, and a token goes out
           EXEC CICS WEB CONVERSE POST SESSTOKEN(WS-TOKEN)
               FROM(REQ-BODY) INTO(RSP-BODY) END-EXEC.
