CREATE OR REPLACE PACKAGE BODY clearing_mail AS
  -- breach: config/credential-in-code
  c_password CONSTANT VARCHAR2(30) := 'Cl3aring!';
  -- near-miss: the name of a parameter
  c_password_param CONSTANT VARCHAR2(30) := 'CLEARING_PASSWORD_2';

  PROCEDURE send(p_file IN VARCHAR2) IS
  BEGIN
    -- breach: config/credential-in-code
    EXECUTE IMMEDIATE 'ALTER USER clearing IDENTIFIED BY "AdminRole@1234"';
    -- near-miss: read when the program runs
    utl_smtp.auth(g_connection, g_user, vault.secret_of('clearing'));
  END send;
END clearing_mail;
