using System.Security.Cryptography;

namespace Bank.Cards
{
    public class CardDataCipher
    {
        public byte[] Encrypt(byte[] key, byte[] pan)
        {
            using var aes = Aes.Create();
            // breach: crypto/ecb-mode
            aes.Mode = CipherMode.ECB;
            // near-miss: chained
            aes.Mode = CipherMode.CBC;
            // breach: crypto/ecb-mode
            var managed = new AesManaged { Key = key, Mode = CipherMode.ECB };
            // breach: crypto/ecb-mode
            var direct = aes.EncryptEcb(pan, PaddingMode.PKCS7);
            // near-miss: the mode is refused
            if (aes.Mode == CipherMode.ECB) throw new CryptographicException("ECB");
            // near-miss: an authenticated cipher
            using var gcm = new AesGcm(key, 16);
            return direct;
        }
    }
}
