       IDENTIFICATION DIVISION.
       PROGRAM-ID. EXPO01.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  FAC-REC.
           05  FAC-CCY           PIC X(03).
           05  FAC-OUTST-AMT     PIC S9(13)V99 COMP-3.
       01  WS-EXPOSURE           PIC S9(13)V99 COMP-3.
       PROCEDURE DIVISION.
       1000-SUM-FACILITIES.
           PERFORM UNTIL WS-EOF = 'Y'
      * breach: money/mixed-currencies
               ADD FAC-OUTST-AMT TO WS-EXPOSURE
               PERFORM 2000-READ-FACILITY
           END-PERFORM.
