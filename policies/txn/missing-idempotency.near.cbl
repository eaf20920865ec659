       IDENTIFICATION DIVISION.
       PROGRAM-ID. PAYMQ2.
       PROCEDURE DIVISION.
       2000-HANDLE-MESSAGE.
           CALL 'MQGET' USING WS-HCONN WS-HOBJ WS-MD WS-GMO
                WS-BUFLEN PAY-MSG WS-DATALEN WS-CC WS-RC
           EXEC SQL INSERT INTO MSG_CLAIM (MSG_ID)
               VALUES (:PAY-MSG-ID) END-EXEC
      * near-miss: the unique key says that the message was handled before
           IF SQLCODE = -803
               PERFORM 9000-ALREADY-DONE
           ELSE
               EXEC SQL INSERT INTO JRNL (ACCT_NO, DRCR, AMT)
                   VALUES (:PAY-ACCT, 'D', :PAY-AMT) END-EXEC
           END-IF.
