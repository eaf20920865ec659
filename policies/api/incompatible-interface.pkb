-- stands-for: db/api/transfer_api.pks
CREATE OR REPLACE PACKAGE transfer_api AS
  PROCEDURE transfer(p_from IN VARCHAR2, p_to IN VARCHAR2, p_amt IN NUMBER,
    -- near-miss: last, with a default
    p_channel IN VARCHAR2 DEFAULT NULL);
END transfer_api;
