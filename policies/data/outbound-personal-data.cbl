       IDENTIFICATION DIVISION.
       PROGRAM-ID. WEBSND1.
       PROCEDURE DIVISION.
       2000-SEND.
           MOVE CUST-NAME TO REQ-NAME
           MOVE ID-CARD-NO TO REQ-ID
           EXEC CICS WEB OPEN HOST('api.example.com') HOSTLENGTH(15)
               SESSTOKEN(WS-TOKEN) END-EXEC
      * breach: data/outbound-personal-data
           EXEC CICS WEB CONVERSE POST SESSTOKEN(WS-TOKEN)
               FROM(REQ-BODY) INTO(RSP-BODY) END-EXEC.
