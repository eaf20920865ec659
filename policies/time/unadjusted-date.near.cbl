       IDENTIFICATION DIVISION.
       PROGRAM-ID. VALDAT2.
       PROCEDURE DIVISION.
       2000-VALUE-DATE.
           COMPUTE WS-CAND-DATE = FUNCTION DATE-OF-INTEGER
               (FUNCTION INTEGER-OF-DATE (WS-BUS-DATE) + 1)
      * near-miss: the calendar program moves it to a business day
           CALL 'CALADJ' USING WS-CAND-DATE WS-CCY PAY-VALUE-DATE.
