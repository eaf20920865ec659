       IDENTIFICATION DIVISION.
       PROGRAM-ID. ACCENQ1.
       DATA DIVISION.
       LINKAGE SECTION.
       01  DFHCOMMAREA.
           05  CA-ACCT-NO        PIC X(16).
       PROCEDURE DIVISION.
       1000-ENQUIRE.
           EXEC SQL
               SELECT BALANCE, NAME INTO :WS-BAL, :WS-NAME
                 FROM ACCT
      * breach: auth/record-ownership
                WHERE ACCT_NO = :CA-ACCT-NO
           END-EXEC.
