       IDENTIFICATION DIVISION.
       PROGRAM-ID. AUDWRT1.
       PROCEDURE DIVISION.
       2000-AUDIT.
           MOVE 'BATCH' TO AUD-USER
           MOVE 'LIMIT CHANGED' TO AUD-TEXT
      * breach: audit/incomplete-audit-record
           WRITE AUD-REC.
