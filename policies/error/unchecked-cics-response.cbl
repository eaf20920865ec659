       IDENTIFICATION DIVISION.
       PROGRAM-ID. ACCTUPD.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-RESP                 PIC S9(8) COMP.
       01  WS-AMT                  PIC S9(13)V99 COMP-3.
       PROCEDURE DIVISION.
       0000-MAIN.
      * breach: error/unchecked-cics-response
           EXEC CICS READ FILE('ACCTMST') INTO(ACCT-REC)
               RIDFLD(WS-ACCT-NO) UPDATE END-EXEC
           SUBTRACT WS-AMT FROM ACCT-BAL
      * breach: error/unchecked-cics-response
           EXEC CICS REWRITE FILE('ACCTMST') FROM(ACCT-REC)
               RESP(WS-RESP) END-EXEC
      * breach: error/unchecked-cics-response
           EXEC CICS LINK PROGRAM('JRNLPGM')
               COMMAREA(JRNL-REC) LENGTH(LENGTH OF JRNL-REC)
           END-EXEC
      * near-miss: every condition has its branch
           EXEC CICS READ FILE('CUSTMST') INTO(CUST-REC)
               RIDFLD(WS-CUST-NO) RESP(WS-RESP) END-EXEC
           EVALUATE WS-RESP
               WHEN DFHRESP(NORMAL) PERFORM 3000-DEBIT
               WHEN DFHRESP(NOTFND) PERFORM 9110-NOT-FOUND
               WHEN OTHER           PERFORM 9400-CICS-ERROR
           END-EVALUATE
      * near-miss: EIBRESP is tested
           EXEC CICS DELETEQ TS QUEUE('PAYQ') NOHANDLE END-EXEC
           IF EIBRESP NOT = DFHRESP(NORMAL)
              PERFORM 9400-CICS-ERROR
           END-IF
      * near-miss: the check paragraph is performed
           EXEC CICS WRITE FILE('TXNLOG') FROM(TXN-REC)
               RIDFLD(WS-TXN-NO) RESP(WS-RESP) END-EXEC
           PERFORM 9300-CHECK-RESP
      * near-miss: it only shows
           EXEC CICS SEND MAP('PAYMAP') MAPSET('PAYSET') END-EXEC
      * near-miss: it only asks for the time
           EXEC CICS ASKTIME ABSTIME(WS-TIME) END-EXEC
      * near-miss: control leaves the program
           EXEC CICS RETURN TRANSID('PAY1') END-EXEC.
       3000-DEBIT.
           PERFORM UNTIL WS-RESP NOT = DFHRESP(NORMAL)
      * near-miss: the loop tests it
              EXEC CICS READNEXT FILE('ACCTMST') INTO(ACCT-REC)
                  RIDFLD(WS-ACCT-NO) RESP(WS-RESP) END-EXEC
           END-PERFORM.
       9300-CHECK-RESP.
           IF WS-RESP NOT = DFHRESP(NORMAL)
              PERFORM 9400-CICS-ERROR
           END-IF.
       9400-CICS-ERROR.
      * near-miss: on the way to the abend
           EXEC CICS LINK PROGRAM('ABNDPROC')
               COMMAREA(ABNDINFO-REC) END-EXEC
           DISPLAY 'CICS ERROR'
           EXEC CICS ABEND ABCODE('PAY1') END-EXEC.
       9110-NOT-FOUND.
           MOVE 'N' TO WS-FOUND.
