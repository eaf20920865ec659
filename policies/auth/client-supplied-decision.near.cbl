       IDENTIFICATION DIVISION.
       PROGRAM-ID. TLRCHK2.
       DATA DIVISION.
       LINKAGE SECTION.
       01  DFHCOMMAREA.
           05  CA-TELLER-ID      PIC X(08).
       PROCEDURE DIVISION.
       1000-CHECK.
           EXEC CICS ASSIGN USERID(WS-USER) RESP(WS-RESP) END-EXEC
           MOVE CA-TELLER-ID TO WS-TELLER-ID
      * near-miss: refused where it is not the signed-on user
           IF WS-TELLER-ID NOT = WS-USER
               PERFORM 9000-REFUSE
           END-IF.
