       IDENTIFICATION DIVISION.
       PROGRAM-ID. FEETAB1.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
      * breach: change/undeclared-change
       01  WS-MIN-FEE            PIC 9(5)V99 VALUE 0.00.
      * near-miss: CHG-2026-0777, tariff 2026-07
       01  WS-MAX-FEE            PIC 9(5)V99 VALUE 25.00.
       PROCEDURE DIVISION.
       1000-MAIN.
           GOBACK.
