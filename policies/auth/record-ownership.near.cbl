       IDENTIFICATION DIVISION.
       PROGRAM-ID. ACCENQ2.
       DATA DIVISION.
       LINKAGE SECTION.
       01  DFHCOMMAREA.
           05  CA-ACCT-NO        PIC X(16).
       PROCEDURE DIVISION.
       1000-ENQUIRE.
           EXEC CICS ASSIGN USERID(WS-USER) RESP(WS-RESP) END-EXEC
           EXEC SQL
               SELECT BALANCE, NAME INTO :WS-BAL, :WS-NAME
                 FROM ACCT
                WHERE ACCT_NO = :CA-ACCT-NO
      * near-miss: the owner is the user of the terminal session
                  AND OWNER_USER = :WS-USER
           END-EXEC.
