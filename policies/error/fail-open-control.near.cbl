       IDENTIFICATION DIVISION.
       PROGRAM-ID. SCREEN2.
       PROCEDURE DIVISION.
       2000-SCREEN.
           EXEC CICS LINK PROGRAM('AMLSCRN') COMMAREA(WS-AML)
               RESP(WS-RESP) END-EXEC
      * near-miss: only a clear answer posts
           IF WS-RESP = DFHRESP(NORMAL) AND AML-CLEAR
               PERFORM 3000-POST
           ELSE
               PERFORM 9500-PARK
           END-IF.
