       IDENTIFICATION DIVISION.
       PROGRAM-ID. MACCHK2.
       PROCEDURE DIVISION.
       2000-HANDLE.
           CALL 'HSMMAC' USING MSG-BODY MSG-MAC WS-MAC-RC
      * near-miss: the HSM says no: nothing is posted
           IF WS-MAC-RC NOT = '00'
               PERFORM 9000-REJECT
           ELSE
               PERFORM 3000-POST-PAYMENT
           END-IF.
