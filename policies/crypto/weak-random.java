package com.bank.channel.otp;

import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.commons.lang3.RandomStringUtils;

public class ChallengeService {
    private static final SecureRandom SECURE_RANDOM = new SecureRandom();
    private final Random random = new Random();

    String sendChallenge() {
        // breach: crypto/weak-random
        String otp = String.format("%06d", new Random().nextInt(1000000));
        // near-miss: the secure generator
        String right = String.format("%06d", SECURE_RANDOM.nextInt(1_000_000));
        return otp;
    }

    String openSession() {
        // breach: crypto/weak-random
        String sessionId = RandomStringUtils.randomAlphanumeric(32);
        // breach: crypto/weak-random
        int number = random.nextInt();
        String rememberMeToken = Integer.toString(number);
        // breach: crypto/weak-random
        String csrfToken = Long.toHexString(ThreadLocalRandom.current().nextLong());
        return sessionId + rememberMeToken + csrfToken;
    }

    String newPassword() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            // breach: crypto/weak-random
            text.append(ALPHABET[(int) (Math.random() * ALPHABET.length)]);
        }
        return text.toString();
    }

    byte[] newSalt() {
        byte[] salt = new byte[16];
        // breach: crypto/weak-random
        new Random().nextBytes(salt);
        // near-miss: the secure generator
        SECURE_RANDOM.nextBytes(salt);
        return salt;
    }

    long backoff() {
        // near-miss: jitter of a retry
        long delayMillis = 100 + random.nextInt(50);
        // near-miss: a choice among servers
        String host = hosts.get(ThreadLocalRandom.current().nextInt(hosts.size()));
        return delayMillis;
    }

    byte[] seeded() {
        SecureRandom generator = new SecureRandom();
        // breach: crypto/weak-random
        generator.setSeed(System.currentTimeMillis());
        // near-miss: the platform seeds it
        return new SecureRandom().generateSeed(16);
    }

    String handedOn() {
        Random generator = new Random();
        // breach: crypto/weak-random
        double drawn = draw(generator);
        String rememberMeKey = Double.toString(drawn).substring(2);
        return rememberMeKey;
    }

    String reset(Random source) {
        Random generator = new SecureRandom();
        // near-miss: a secure generator behind the general type
        String token = Long.toHexString(generator.nextLong());
        return token;
    }
}
