package com.bank.payment.crypto;

import com.google.common.hash.Hashing;
import java.security.MessageDigest;
import java.security.Signature;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.DigestUtils;

public class PaymentMessageProtector {
    private static final String LEGACY_DIGEST = "SHA-1";
    private static final String DIGEST = "SHA-256";

    byte[] encrypt(SecretKey key, byte[] message) throws Exception {
        // breach: crypto/weak-algorithm
        Cipher cipher = Cipher.getInstance("DESede/CBC/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return cipher.doFinal(message);
    }

    byte[] encryptWithProvider(SecretKey key) throws Exception {
        // breach: crypto/weak-algorithm
        javax.crypto.Cipher rc4 = javax.crypto.Cipher.getInstance("RC4", "BC");
        // near-miss: an authenticated mode of AES
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", "BC");
        return rc4.doFinal();
    }

    byte[] digest(byte[] message) throws Exception {
        // breach: crypto/weak-algorithm
        MessageDigest legacy = MessageDigest.getInstance(LEGACY_DIGEST);
        // near-miss: a strong digest behind a constant
        MessageDigest digest = MessageDigest.getInstance(DIGEST);
        // breach: crypto/weak-algorithm
        String hex = DigestUtils.md5Hex(message);
        // breach: crypto/weak-algorithm
        String other = Hashing.sha1().hashBytes(message).toString();
        // near-miss: the strong function of the same class
        return DigestUtils.sha256(message);
    }

    byte[] authenticate(byte[] message) throws Exception {
        // near-miss: HMAC with a strong digest
        Mac mac = Mac.getInstance("HmacSHA256");
        // breach: crypto/weak-algorithm
        Mac weak = Mac.getInstance("HmacMD5");
        // breach: crypto/weak-algorithm
        Signature signature = Signature.getInstance("SHA1withRSA");
        // near-miss: the padding's own digest is not the signature's
        Signature strong = Signature.getInstance("SHA256withRSA");
        // near-miss: a message that names the algorithm
        log.info("MD5 and DES are refused: {}", "MD5");
        return mac.doFinal(message);
    }

    String statementChecksum(byte[] file) throws Exception {
        // near-miss: a checksum against accident, named so
        MessageDigest checksum = MessageDigest.getInstance("MD5");
        return hex(checksum.digest(file));
    }
}
