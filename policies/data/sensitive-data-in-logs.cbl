       IDENTIFICATION DIVISION.
       PROGRAM-ID. CARDAUTH.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-AUTH.
           05  WS-CARD-NO            PIC X(16).
           05  WS-PIN-BLOCK          PIC X(16).
           05  WS-LAST4              PIC X(4).
           05  WS-PIN-TRY-CNT        PIC 9(2).
           05  WS-STAN               PIC X(6).
       PROCEDURE DIVISION.
       0000-MAIN.
      * breach: data/sensitive-data-in-logs
           DISPLAY 'AUTH CARD=' WS-CARD-NO
      * breach: data/sensitive-data-in-logs
           DISPLAY 'STAN=' WS-STAN ' PINBLK=' WS-PIN-BLOCK UPON CONSOLE.
           MOVE WS-CARD-NO(13:4) TO WS-LAST4.
      * near-miss: the last four
           DISPLAY 'AUTH CARD=************' WS-LAST4.
      * near-miss: a part of it
           DISPLAY 'ENDING ' WS-CARD-NO(13:4).
      * near-miss: a counter
           DISPLAY 'PIN TRIES ' WS-PIN-TRY-CNT.
      * near-miss: a message about a password
           DISPLAY 'PASSWORD IS WRONG'.
      * breach: data/sensitive-data-in-logs
           EXEC CICS WRITEQ TD QUEUE('CSSL') FROM(WS-CARD-NO)
                LENGTH(16) END-EXEC.
           STOP RUN.
