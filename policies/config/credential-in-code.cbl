       IDENTIFICATION DIVISION.
       PROGRAM-ID. POSTCONN.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-CONNECT.
           05  WS-USER           PIC X(8)  VALUE 'POSTUSR'.
      * breach: config/credential-in-code
           05  WS-PASSWORD       PIC X(8)  VALUE 'P0ST1NG'.
      * near-miss: filled from the vault
           05  WS-FTP-PASSWORD   PIC X(8)  VALUE SPACES.
      * near-miss: a prompt
           05  WS-PWD-PROMPT     PIC X(12) VALUE 'PASSWORD1:'.
       PROCEDURE DIVISION.
       MAIN-PARA.
      * breach: config/credential-in-code
           MOVE 'CLEAR77' TO WS-FTP-PASSWORD.
      * breach: config/credential-in-code
           IF WS-PASSWORD = 'SUPER99'
              PERFORM SUPERVISOR-PARA
           END-IF.
      * near-miss: a host variable
           EXEC SQL
              CONNECT TO LEDGER USER :WS-USER USING :WS-PASSWORD
           END-EXEC.
           STOP RUN.
       SUPERVISOR-PARA.
           DISPLAY 'SUPERVISOR'.
