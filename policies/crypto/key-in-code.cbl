       IDENTIFICATION DIVISION.
       PROGRAM-ID. MACGEN.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
      * breach: crypto/key-in-code
       01  WS-MAC-KEY  PIC X(8) VALUE X'0123456789ABCDEF'.
      * near-miss: a label of the host security module
       01  WS-MAC-KEY-LABEL  PIC X(20) VALUE 'BANK.MAC.KEY.V3'.
      * breach: crypto/key-in-code
       01  WS-PIN-KEY  PIC X(16) VALUE '7F3A19C04D2B88E1'.
      * near-miss: an empty key is filled later
       01  WS-ZPK  PIC X(8) VALUE X'0000000000000000'.
      * near-miss: the key of a record
       01  WS-ACCT-KEY  PIC X(10) VALUE '0000000000'.
       PROCEDURE DIVISION.
           GOBACK.
