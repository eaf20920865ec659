       IDENTIFICATION DIVISION.
       PROGRAM-ID. PAYONL.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-RESP                 PIC S9(8) COMP.
      * near-miss: a usage, no statement
       01  WS-AMT                  PIC 9(13)V99 USAGE DISPLAY.
       PROCEDURE DIVISION.
       0000-MAIN.
           EXEC CICS RECEIVE INTO(WS-INPUT) RESP(WS-RESP) END-EXEC.
      * breach: audit/console-output
           DISPLAY 'INPUT=' WS-INPUT.
           IF WS-RESP NOT = DFHRESP(NORMAL)
      * breach: audit/console-output
              DISPLAY 'RESP ' WS-RESP UPON CONSOLE
           END-IF.
      * near-miss: the log queue takes it
           EXEC CICS WRITEQ TD QUEUE('CSSL') FROM(WS-MSG) END-EXEC.
      * near-miss: DISPLAY 'X' stands in a comment
           EXEC CICS RETURN END-EXEC.
