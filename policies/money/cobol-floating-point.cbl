       IDENTIFICATION DIVISION.
       PROGRAM-ID. LOANCALC.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-LOAN-AREA.
      * breach: money/cobol-floating-point
           05  WS-PRINCIPAL-AMT      COMP-2.
      * breach: money/cobol-floating-point
           05  WS-ANNUAL-RATE        USAGE IS COMPUTATIONAL-1.
      * near-miss: packed decimal
           05  WS-FEE-AMT            PIC S9(13)V99 COMP-3.
      * near-miss: a binary counter
           05  WS-FEE-CNT            PIC S9(4) COMP.
      * near-miss: elapsed time is no money
           05  WS-CPU-ELAPSED-TIME   COMP-2.
      * breach: money/cobol-floating-point
           05  WS-BAL-TABLE          OCCURS 12 TIMES
                                     COMP-2.
      * near-miss: a text that speaks of COMP-2
           05  WS-AMT-NOTE           PIC X(20) VALUE 'AMT IS NOT FLOAT'.
      * breach: money/cobol-floating-point
       77  WS-TOT-INT                COMP-1 VALUE 0.5.
       PROCEDURE DIVISION.
       0000-MAIN.
           MOVE ZERO TO WS-FEE-AMT.
           STOP RUN.
