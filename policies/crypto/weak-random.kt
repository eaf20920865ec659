package com.bank.channel.otp

import java.security.SecureRandom
import kotlin.random.Random

class ChallengeService {
    private val secureRandom = SecureRandom()

    fun sendChallenge(): String {
        // breach: crypto/weak-random
        val otp = Random.nextInt(100000, 999999).toString()
        // near-miss: the secure generator
        val right = secureRandom.nextInt(1_000_000).toString()
        return otp
    }

    fun generateToken(): String {
        // breach: crypto/weak-random
        return (1..32).map { ALPHABET.random() }.joinToString("")
    }

    fun newSalt(): ByteArray {
        // breach: crypto/weak-random
        val salt = java.util.Random().nextLong().toString().toByteArray()
        return salt
    }

    fun backoff(): Long {
        // near-miss: jitter of a retry
        val delayMillis = Random.nextLong(50)
        // near-miss: a choice among servers
        val host = hosts.random()
        return delayMillis
    }
}
