CREATE OR REPLACE PACKAGE BODY pkg_card_crypto AS
  FUNCTION encrypt_pan(p_pan RAW, p_key RAW) RETURN RAW IS
  BEGIN
    RETURN DBMS_CRYPTO.ENCRYPT(src => p_pan,
      -- breach: crypto/weak-algorithm
      typ => DBMS_CRYPTO.ENCRYPT_3DES + DBMS_CRYPTO.CHAIN_CBC + DBMS_CRYPTO.PAD_PKCS5,
      key => p_key);
  END;

  FUNCTION digest(p_text RAW) RETURN RAW IS
  BEGIN
    -- breach: crypto/weak-algorithm
    IF legacy THEN RETURN DBMS_CRYPTO.HASH(p_text, DBMS_CRYPTO.HASH_MD5); END IF;
    -- near-miss: a strong digest
    RETURN DBMS_CRYPTO.HASH(p_text, DBMS_CRYPTO.HASH_SH256);
  END;

  FUNCTION encrypt_strong(p_pan RAW, p_key RAW) RETURN RAW IS
  BEGIN
    -- near-miss: a strong cipher
    RETURN DBMS_CRYPTO.ENCRYPT(p_pan, DBMS_CRYPTO.ENCRYPT_AES256 + DBMS_CRYPTO.CHAIN_CBC, p_key);
  END;
END pkg_card_crypto;
