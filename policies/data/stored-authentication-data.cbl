       IDENTIFICATION DIVISION.
       PROGRAM-ID. AUTHARCH.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT AUTH-FILE ASSIGN TO AUTHOUT.
       DATA DIVISION.
       FILE SECTION.
       FD  AUTH-FILE.
       01  AUTH-REC.
           05  AR-STAN               PIC X(6).
      * breach: data/stored-authentication-data
           05  AR-TRACK2-DATA        PIC X(40).
      * near-miss: the outcome of the check
           05  AR-CVV-RESULT         PIC X(1).
       WORKING-STORAGE SECTION.
       01  WS-MSG.
           05  WS-STAN               PIC X(6).
      * near-miss: lives in memory only
           05  WS-CVV                PIC X(4).
           05  WS-PIN-BLOCK          PIC X(16).
           05  WS-AUTH-CODE          PIC X(6).
       PROCEDURE DIVISION.
       0000-MAIN.
      * breach: data/stored-authentication-data
           EXEC SQL INSERT INTO AUTH_LOG (STAN, CVV) VALUES (:WS-STAN, :WS-CVV) END-EXEC.
      * near-miss: the code of the authorisation
           EXEC SQL INSERT INTO AUTH_LOG (STAN, AUTH_CODE) VALUES (:WS-STAN, :WS-AUTH-CODE) END-EXEC.
      * breach: data/stored-authentication-data
           EXEC SQL UPDATE CARD SET PINBLK = :WS-PIN-BLOCK WHERE STAN = :WS-STAN END-EXEC.
           STOP RUN.
