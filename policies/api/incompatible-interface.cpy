       01  CA-TRANSFER.
           05  CA-PAYER          PIC X(16).
      * breach: api/incompatible-interface
           05  CA-CHANNEL        PIC X(04).
           05  CA-AMOUNT         PIC S9(13)V99 COMP-3.
