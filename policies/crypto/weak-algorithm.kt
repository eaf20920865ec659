package com.bank.payment.crypto

import java.security.MessageDigest
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import org.apache.commons.codec.digest.DigestUtils

class PaymentMessageProtector {
    fun encrypt(key: SecretKey, message: ByteArray): ByteArray {
        // breach: crypto/weak-algorithm
        val legacy = Cipher.getInstance("DES/CBC/PKCS5Padding")
        // near-miss: an authenticated mode of AES
        val cipher = Cipher.getInstance("AES/GCM/NoPadding")
        return cipher.doFinal(message)
    }

    fun digest(message: ByteArray): ByteArray {
        // breach: crypto/weak-algorithm
        val md = MessageDigest.getInstance(ALGORITHM)
        // breach: crypto/weak-algorithm
        val hex = DigestUtils.sha1Hex(message)
        // near-miss: a strong digest
        val strong = DigestUtils.sha256Hex(message)
        // near-miss: a log line about the algorithm
        log.info("MD5 is refused")
        return MessageDigest.getInstance("SHA-256").digest(message)
    }

    fun etagOf(page: ByteArray): String {
        // near-miss: an entity tag guards against accident only
        return MessageDigest.getInstance("MD5").digest(page).toHex()
    }

    companion object {
        private const val ALGORITHM = "MD5"
    }
}
