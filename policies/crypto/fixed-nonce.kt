package com.bank.payment.crypto

class MessageCipher(private val random: SecureRandom) {
    fun encrypt(cipher: Cipher, key: SecretKey, message: ByteArray): ByteArray {
        // breach: crypto/fixed-nonce
        cipher.init(Cipher.ENCRYPT_MODE, key, IvParameterSpec("1234567890123456".toByteArray()))
        return cipher.doFinal(message)
    }

    fun encryptWithZeros(cipher: Cipher, key: SecretKey, message: ByteArray): ByteArray {
        val nonce = ByteArray(12)
        // breach: crypto/fixed-nonce
        cipher.init(Cipher.ENCRYPT_MODE, key, GCMParameterSpec(128, nonce))
        return cipher.doFinal(message)
    }

    fun encryptRight(cipher: Cipher, key: SecretKey, message: ByteArray): ByteArray {
        val nonce = ByteArray(12)
        random.nextBytes(nonce)
        // near-miss: the nonce is filled
        cipher.init(Cipher.ENCRYPT_MODE, key, GCMParameterSpec(128, nonce))
        return nonce + cipher.doFinal(message)
    }

    fun decrypt(cipher: Cipher, key: SecretKey, envelope: ByteArray): ByteArray {
        val nonce = envelope.copyOfRange(0, 12)
        // near-miss: the nonce comes with the message
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(128, nonce))
        return cipher.doFinal(envelope, 12, envelope.size - 12)
    }
}
