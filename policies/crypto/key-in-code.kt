package com.bank.card.crypto

class CardDataKeys {
    // breach: crypto/key-in-code
    private val secretKey = "0123456789abcdeffedcba9876543210"
    // near-miss: a reference to a key
    private val secretKeyRef = "kms:card-data-dek:v3"

    fun literal(): SecretKeySpec {
        // breach: crypto/key-in-code
        return SecretKeySpec("ThisIsASecretKey".toByteArray(), "AES")
    }

    fun wrapped(material: ByteArray): SecretKeySpec {
        // near-miss: the bytes come from the caller
        return SecretKeySpec(material, "AES")
    }
}
