package com.bank.card.crypto;

public class CardDataKeys {
    // breach: crypto/key-in-code
    private static final String SM4_KEY = "0123456789abcdeffedcba9876543210";
    // near-miss: a reference to a key
    private static final String SM4_KEY_REF = "kms:card-data-dek:v3";
    // near-miss: the name of a setting
    private static final String SECRET_KEY = "bank.crypto.secret-key";
    // near-miss: the key of a map
    private static final String PRIMARY_KEY = "ACCT0001234567";

    // breach: crypto/key-in-code
    private static final byte[] macKey = {0x31, 0x5a, 0x12, 0x7f, 0x44, 0x0e, 0x61, 0x2d};

    SecretKeySpec literal() {
        // breach: crypto/key-in-code
        return new SecretKeySpec("ThisIsASecretKey".getBytes(), "AES");
    }

    SecretKeySpec constant() {
        // breach: crypto/key-in-code
        return new SecretKeySpec(Hex.decode(SM4_KEY), "SM4");
    }

    String token(Claims claims) {
        // breach: crypto/key-in-code
        return JWT.create().sign(Algorithm.HMAC256("bank-core-signing"));
    }

    SecretKeySpec wrapped(byte[] material) {
        // near-miss: the bytes come from the caller
        return new SecretKeySpec(material, "AES");
    }

    SecretKey handle() {
        // near-miss: a label of the key store
        return keyManager.handle("kms:card-data-dek:v3");
    }

    SecretKeySpec environment() {
        // near-miss: the value comes from outside
        return new SecretKeySpec(System.getenv("SM4_KEY").getBytes(), "SM4");
    }
}
