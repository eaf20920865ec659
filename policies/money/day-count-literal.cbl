       IDENTIFICATION DIVISION.
       PROGRAM-ID. INTACCR.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-WORK.
           05  WS-INT-AMT            PIC S9(13)V99 COMP-3.
           05  WS-PRIN-AMT           PIC S9(13)V99 COMP-3.
           05  WS-ANN-RATE           PIC S9(3)V9(8) COMP-3.
           05  WS-DLY-RATE           PIC S9(3)V9(8) COMP-3.
           05  WS-DAYS               PIC 9(5) COMP-3.
           05  WS-WEEKS              PIC 9(5) COMP-3.
           05  WS-DAY-BASIS          PIC 9(3) COMP-3.
      * breach: money/day-count-literal
           05  WS-DAYS-IN-YEAR       PIC 9(3) VALUE 365.
      * near-miss: a table size
           05  WS-MAX-ENTRY          PIC 9(3) VALUE 365.
       PROCEDURE DIVISION.
       0000-MAIN.
           COMPUTE WS-INT-AMT ROUNDED =
      * breach: money/day-count-literal
               WS-PRIN-AMT * WS-ANN-RATE * WS-DAYS / 36500.
      * near-miss: the basis of the product
           COMPUTE WS-INT-AMT ROUNDED =
               WS-PRIN-AMT * WS-ANN-RATE * WS-DAYS / WS-DAY-BASIS.
      * breach: money/day-count-literal
           DIVIDE WS-ANN-RATE BY 360 GIVING WS-DLY-RATE ROUNDED.
      * near-miss: no interest
           COMPUTE WS-WEEKS = WS-DAYS / 365.
           STOP RUN.
