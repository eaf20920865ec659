       IDENTIFICATION DIVISION.
       PROGRAM-ID. FEESW2.
       PROCEDURE DIVISION.
       2000-FEE.
      * near-miss: the business date of the control record decides
           IF CTL-BUSINESS-DATE NOT < PRM-EFF-DATE
               PERFORM 3000-NEW-FEE
           ELSE
               PERFORM 3500-OLD-FEE
           END-IF.
