       IDENTIFICATION DIVISION.
       PROGRAM-ID. TLRCHK1.
       DATA DIVISION.
       LINKAGE SECTION.
       01  DFHCOMMAREA.
           05  CA-TELLER-ID      PIC X(08).
       PROCEDURE DIVISION.
       1000-CHECK.
      * breach: auth/client-supplied-decision
           MOVE CA-TELLER-ID TO WS-TELLER-ID
           PERFORM 2000-CHECK-TELLER-LIMIT.
       2000-CHECK-TELLER-LIMIT.
           MOVE 'Y' TO WS-OK.
