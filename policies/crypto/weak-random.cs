using System;
using System.Security.Cryptography;

namespace Bank.Channel
{
    public class ChallengeService
    {
        private readonly Random jitter = new Random();

        public string SendChallenge()
        {
            // breach: crypto/weak-random
            var otp = new Random().Next(100000, 999999).ToString();
            // near-miss: the secure generator
            var right = RandomNumberGenerator.GetInt32(1000000).ToString("D6");
            return otp;
        }

        public string GenerateToken()
        {
            var rnd = new Random();
            // breach: crypto/weak-random
            return rnd.Next().ToString("x") + DateTime.Now.Ticks;
        }

        public byte[] NewSalt()
        {
            var salt = new byte[16];
            // breach: crypto/weak-random
            new Random().NextBytes(salt);
            // near-miss: the secure generator
            RandomNumberGenerator.Fill(salt);
            return salt;
        }

        public TimeSpan Backoff()
        {
            // near-miss: jitter of a retry
            return TimeSpan.FromMilliseconds(100 + jitter.Next(50));
        }
    }
}
