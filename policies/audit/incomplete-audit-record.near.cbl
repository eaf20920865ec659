       IDENTIFICATION DIVISION.
       PROGRAM-ID. AUDWRT2.
       PROCEDURE DIVISION.
       2000-AUDIT.
           MOVE WS-TELLER-ID TO AUD-USER
           MOVE 'LIMIT' TO AUD-ACTION
           MOVE CUS-NO TO AUD-OBJECT
           MOVE WS-OLD-LIMIT TO AUD-BEFORE
           MOVE CUS-LIMIT TO AUD-AFTER
      * near-miss: person, action, object, before and after
           WRITE AUD-REC.
