package com.bank.payment.crypto;

public class MessageCipher {
    private static final byte[] SALT = "clearing".getBytes(StandardCharsets.UTF_8);
    private static final SecureRandom SECURE_RANDOM = new SecureRandom();

    byte[] encrypt(Cipher cipher, SecretKey key, byte[] message) throws Exception {
        // breach: crypto/fixed-nonce
        IvParameterSpec iv = new IvParameterSpec("1234567890123456".getBytes());
        cipher.init(Cipher.ENCRYPT_MODE, key, iv);
        return cipher.doFinal(message);
    }

    byte[] encryptWithZeros(Cipher cipher, SecretKey key, byte[] message) throws Exception {
        byte[] nonce = new byte[12];
        // breach: crypto/fixed-nonce
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        return cipher.doFinal(message);
    }

    byte[] encryptRight(Cipher cipher, SecretKey key, byte[] message) throws Exception {
        byte[] nonce = new byte[12];
        SECURE_RANDOM.nextBytes(nonce);
        // near-miss: the nonce is filled
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        return cipher.doFinal(message);
    }

    byte[] decrypt(Cipher cipher, SecretKey key, ByteBuffer envelope) throws Exception {
        byte[] nonce = new byte[12];
        envelope.get(nonce);
        // near-miss: the nonce comes with the message
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        return cipher.doFinal(envelope.array());
    }

    SecretKey derive(char[] password, byte[] salt) throws Exception {
        // breach: crypto/fixed-nonce
        KeySpec fixed = new PBEKeySpec(password, SALT, 600000, 256);
        // near-miss: a salt of the caller
        KeySpec spec = new PBEKeySpec(password, salt, 600000, 256);
        return factory.generateSecret(spec);
    }
}
