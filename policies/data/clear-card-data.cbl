       IDENTIFICATION DIVISION.
       PROGRAM-ID. CRDSTO1.
       PROCEDURE DIVISION.
       2000-STORE.
      * breach: data/clear-card-data
           MOVE IN-CARD-NO TO CRD-CARD-NO
           WRITE CRD-REC.
