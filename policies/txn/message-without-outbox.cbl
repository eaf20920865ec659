       IDENTIFICATION DIVISION.
       PROGRAM-ID. APPR01.
       PROCEDURE DIVISION.
       2000-APPROVE.
           EXEC SQL UPDATE PAYMENT SET STATUS = 'A'
               WHERE PAY_NO = :WS-PAY-NO END-EXEC
           EXEC SQL COMMIT END-EXEC
      * breach: txn/message-without-outbox
           CALL 'MQPUT' USING WS-HCONN WS-HOBJ WS-MD WS-PMO
                WS-BUFLEN PAY-MSG WS-CC WS-RC.
