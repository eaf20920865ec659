       IDENTIFICATION DIVISION.
       PROGRAM-ID. INST02.
       PROCEDURE DIVISION.
       2000-BUILD-SCHEDULE.
           COMPUTE WS-INST-AMT = LN-PRIN-AMT / WS-INST-CNT
           PERFORM VARYING WS-I FROM 1 BY 1 UNTIL WS-I > WS-INST-CNT
               MOVE WS-INST-AMT TO SCH-INST-AMT (WS-I)
           END-PERFORM
      * near-miss: the last instalment takes the remainder
           COMPUTE SCH-INST-AMT (WS-INST-CNT) =
               LN-PRIN-AMT - WS-INST-AMT * (WS-INST-CNT - 1).
