package com.bank.card.crypto;

import javax.crypto.Cipher;

public class CardDataCipher {
    private static final String TRANSFORMATION = "SM4/ECB/PKCS5Padding";

    byte[] encrypt(SecretKey key, byte[] pan) throws Exception {
        // breach: crypto/ecb-mode
        Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
        // breach: crypto/ecb-mode
        Cipher defaulted = javax.crypto.Cipher.getInstance("AES", "BC");
        // breach: crypto/ecb-mode
        Cipher national = Cipher.getInstance(TRANSFORMATION);
        // near-miss: an authenticated mode
        Cipher gcm = Cipher.getInstance("SM4/GCM/NoPadding", "BC");
        // near-miss: ECB in the name of an RSA transformation means nothing
        Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
        // near-miss: a key has no mode
        KeyGenerator generator = KeyGenerator.getInstance("AES");
        // near-miss: nor has its specification
        SecretKeySpec spec = new SecretKeySpec(key.getEncoded(), "AES");
        // near-miss: a message about it
        throw new IllegalStateException("AES/ECB/PKCS5Padding is refused");
    }

    void lightweight(byte[] block) {
        // breach: crypto/ecb-mode
        BufferedBlockCipher raw = new PaddedBufferedBlockCipher(new AESEngine());
        // near-miss: the engine runs in CBC
        BufferedBlockCipher cbc = new PaddedBufferedBlockCipher(new CBCBlockCipher(new AESEngine()));
    }
}
