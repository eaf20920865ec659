CREATE OR REPLACE PACKAGE BODY pkg_auth AS
  PROCEDURE archive(p_msg IN auth_msg%ROWTYPE) IS
  BEGIN
    -- breach: data/stored-authentication-data
    INSERT INTO auth_archive (stan, card_token, track2_data)
    VALUES (p_msg.stan, p_msg.card_token, p_msg.track2);
    -- near-miss: the outcome of the check
    INSERT INTO auth_archive (stan, cvv_result) VALUES (p_msg.stan, p_msg.cvv_result);
    -- near-miss: compared, not stored
    IF p_msg.cvv = g_cvv THEN
      NULL;
    END IF;
  END archive;

  PROCEDURE prepare IS
  BEGIN
    -- breach: data/stored-authentication-data
    INSERT INTO pin_change (card_token, pin_block) SELECT card_token, pin_block FROM pin_request;
  END prepare;
END pkg_auth;
/
