package com.bank.store

import org.bouncycastle.crypto.engines.SM4Engine

fun encryptIdCard(value: ByteArray, key: Key): ByteArray {
    // breach: crypto/international-algorithm
    val cipher = Cipher.getInstance("AES/GCM/NoPadding")
    cipher.init(Cipher.ENCRYPT_MODE, key)
    return cipher.doFinal(value)
}

fun cacheKey(path: String): String =
    // near-miss: a cache key
    MessageDigest.getInstance("SHA-256").digest(path.toByteArray()).toHex()
