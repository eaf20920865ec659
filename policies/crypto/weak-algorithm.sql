-- breach: crypto/weak-algorithm
UPDATE card SET pan_digest = DBMS_CRYPTO.HASH(UTL_RAW.CAST_TO_RAW(pan), DBMS_CRYPTO.HASH_SH1);
-- near-miss: a strong digest
UPDATE card SET pan_digest = DBMS_CRYPTO.HASH(UTL_RAW.CAST_TO_RAW(pan), DBMS_CRYPTO.HASH_SH256);
-- breach: crypto/weak-algorithm
UPDATE card SET pin_digest = DBMS_CRYPTO.MAC(pin, DBMS_CRYPTO.HMAC_MD5, key_value);
-- near-miss: a text that names the algorithm
INSERT INTO audit_note (note) VALUES ('md5 is refused');
