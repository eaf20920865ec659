       IDENTIFICATION DIVISION.
       PROGRAM-ID. TRFONL2.
       PROCEDURE DIVISION.
       1000-TRANSFER.
           EXEC CICS RECEIVE MAP('TRFMAP') MAPSET('TRFSET')
               INTO(TRFMAPI) RESP(WS-RESP) END-EXEC
           MOVE AMTI TO WS-TRF-AMT
      * near-miss: not numeric, not positive and over-limit amounts are rejected
           IF WS-TRF-AMT NOT NUMERIC
              OR WS-TRF-AMT NOT > ZERO
              OR WS-TRF-AMT > WS-TXN-LIMIT
               PERFORM 8000-REJECT-AMOUNT
           ELSE
               SUBTRACT WS-TRF-AMT FROM PAYER-BALANCE
           END-IF.
       8000-REJECT-AMOUNT.
           MOVE 'AMT' TO WS-ERR-CODE.
