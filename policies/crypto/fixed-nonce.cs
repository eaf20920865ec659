using System.Security.Cryptography;
using System.Text;

namespace Bank.Payments
{
    public class MessageCipher
    {
        private static readonly byte[] Salt = Encoding.UTF8.GetBytes("clearing");

        public byte[] Encrypt(Aes aes, byte[] message)
        {
            // breach: crypto/fixed-nonce
            aes.IV = Encoding.ASCII.GetBytes("1234567890123456");
            using var encryptor = aes.CreateEncryptor();
            return encryptor.TransformFinalBlock(message, 0, message.Length);
        }

        public ICryptoTransform WithZeros(Aes aes, byte[] key)
        {
            var iv = new byte[16];
            // breach: crypto/fixed-nonce
            return aes.CreateEncryptor(key, iv);
        }

        public ICryptoTransform Right(Aes aes, byte[] key)
        {
            var iv = new byte[16];
            RandomNumberGenerator.Fill(iv);
            // near-miss: the vector is filled
            return aes.CreateEncryptor(key, iv);
        }

        public void Received(Aes aes, byte[] envelope)
        {
            // near-miss: the vector comes with the message
            aes.IV = envelope[..16];
        }

        public byte[] Derive(string password, byte[] salt)
        {
            // breach: crypto/fixed-nonce
            using var fixedSalt = new Rfc2898DeriveBytes(password, Salt, 600000, HashAlgorithmName.SHA256);
            // near-miss: a salt of the caller
            using var kdf = new Rfc2898DeriveBytes(password, salt, 600000, HashAlgorithmName.SHA256);
            return kdf.GetBytes(32);
        }
    }
}
