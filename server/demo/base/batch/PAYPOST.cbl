       IDENTIFICATION DIVISION.
       PROGRAM-ID. PAYPOST.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
           EXEC SQL INCLUDE SQLCA END-EXEC.
       01  WS-PAYMENT.
           05  WS-PAY-ID             PIC X(16).
           05  WS-PAY-AMT            PIC S9(13)V99 COMP-3.
       PROCEDURE DIVISION.
       1000-POST.
           EXEC SQL
               UPDATE PAYMENT SET STATUS = 'S'
                WHERE PAY_ID = :WS-PAY-ID AND STATUS = 'A'
           END-EXEC
           IF SQLCODE NOT = 0
               PERFORM 9000-ABEND
           END-IF
           GOBACK.
       9000-ABEND.
           MOVE 16 TO RETURN-CODE
           GOBACK.
