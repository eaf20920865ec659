       IDENTIFICATION DIVISION.
       PROGRAM-ID. JRNFIX.
       DATA DIVISION.
       FILE SECTION.
       FD  TXN-JOURNAL-FILE.
       01  TXN-JOURNAL-REC         PIC X(200).
       FD  ACCT-FILE.
       01  ACCT-REC                PIC X(200).
       WORKING-STORAGE SECTION.
       01  WS-TXN-ID               PIC X(16).
       01  WS-RESP                 PIC S9(8) COMP.
       PROCEDURE DIVISION.
       0000-MAIN.
           EXEC SQL
      * breach: audit/append-only
               DELETE FROM TXN_JOURNAL WHERE TXN_ID = :WS-TXN-ID
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
      * breach: audit/append-only
           REWRITE TXN-JOURNAL-REC
      * breach: audit/append-only
           EXEC CICS REWRITE FILE('AUDITLOG') FROM(ACCT-REC)
                RESP(WS-RESP) END-EXEC
      * near-miss: a new record
           WRITE TXN-JOURNAL-REC
      * near-miss: the account, not its journal
           REWRITE ACCT-REC
      * near-miss: a message
           DISPLAY 'NO DELETE OF JOURNAL'
           EXEC SQL
      * near-miss: a new record
               INSERT INTO TXN_JOURNAL (TXN_ID) VALUES (:WS-TXN-ID)
           END-EXEC
           PERFORM 9000-CHECK-SQLCODE
           GOBACK.
       9000-CHECK-SQLCODE.
           IF SQLCODE NOT = 0
              CALL 'CEE3ABD'
           END-IF.
