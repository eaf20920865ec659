       01  CA-TRANSFER.
           05  CA-PAYER          PIC X(16).
           05  CA-AMOUNT         PIC S9(13)V99 COMP-3.
      * near-miss: at the end, out of FILLER, which was X(40)
           05  CA-CHANNEL        PIC X(04).
           05  FILLER            PIC X(36).
