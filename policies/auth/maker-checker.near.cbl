       IDENTIFICATION DIVISION.
       PROGRAM-ID. PAYAPR2.
       PROCEDURE DIVISION.
       2000-APPROVE.
           EXEC CICS ASSIGN USERID(WS-CHECKER) RESP(WS-RESP) END-EXEC
      * near-miss: the maker is refused
           IF WS-CHECKER = PAY-MAKER
               PERFORM 9000-REFUSE
           ELSE
               MOVE WS-CHECKER TO PAY-APPROVER
               MOVE 'A' TO PAY-STATUS
           END-IF.
