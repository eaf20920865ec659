       IDENTIFICATION DIVISION.
       PROGRAM-ID. SCREEN1.
       PROCEDURE DIVISION.
       2000-SCREEN.
           EXEC CICS LINK PROGRAM('AMLSCRN') COMMAREA(WS-AML)
               RESP(WS-RESP) END-EXEC
      * breach: error/fail-open-control
           IF WS-RESP = DFHRESP(NORMAL) AND AML-HIT
               PERFORM 9500-BLOCK
           ELSE
               PERFORM 3000-POST
           END-IF.
