using System.Security.Cryptography;

namespace Bank.Payments
{
    public class MessageProtector
    {
        public byte[] Encrypt(byte[] message)
        {
            // breach: crypto/weak-algorithm
            using var des = new TripleDESCryptoServiceProvider();
            // breach: crypto/weak-algorithm
            using (var legacy = DES.Create())
            // near-miss: a strong cipher
            using (var aes = Aes.Create())
            {
                return aes.CreateEncryptor().TransformFinalBlock(message, 0, message.Length);
            }
        }

        public byte[] Digest(byte[] message, RSA rsa)
        {
            // breach: crypto/weak-algorithm
            using var md5 = MD5.Create();
            // breach: crypto/weak-algorithm
            var named = HashAlgorithm.Create("SHA1");
            // breach: crypto/weak-algorithm
            var signature = rsa.SignData(message, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
            // near-miss: PBKDF2 names its own digest
            var key = new Rfc2898DeriveBytes(password, salt, 600000, HashAlgorithmName.SHA256);
            // near-miss: a text that names the algorithm
            logger.LogInformation("MD5.Create is refused");
            // near-miss: a strong digest
            return SHA256.HashData(message);
        }

        public byte[] FileChecksum(byte[] file)
        {
            // near-miss: a checksum against accident, named so
            return MD5.HashData(file);
        }
    }
}
