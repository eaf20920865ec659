package com.bank.card.crypto

import javax.crypto.Cipher
import javax.crypto.spec.SecretKeySpec

private const val TRANSFORMATION = "SM4/ECB/PKCS5Padding"

class CardDataCipher {
    fun encrypt(key: ByteArray, pan: ByteArray): ByteArray {
        // breach: crypto/ecb-mode
        val cipher = Cipher.getInstance(TRANSFORMATION, "BC")
        // breach: crypto/ecb-mode
        val defaulted = Cipher.getInstance("AES")
        // near-miss: an authenticated mode
        val gcm = Cipher.getInstance("AES/GCM/NoPadding")
        // near-miss: ECB in the name of an RSA transformation means nothing
        val rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding")
        // near-miss: a key has no mode
        val spec = SecretKeySpec(key, "AES")
        return gcm.doFinal(pan)
    }
}
