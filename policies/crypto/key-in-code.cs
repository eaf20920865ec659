using System.Security.Cryptography;
using System.Text;

namespace Bank.Cards
{
    public class CardDataKeys
    {
        // breach: crypto/key-in-code
        private const string SigningKey = "q8Zr2!vL0pXw5TnB";
        // near-miss: the name of a setting
        private const string SigningKeyName = "Jwt:SigningKey";

        public void Literal(Aes aes)
        {
            // breach: crypto/key-in-code
            aes.Key = Encoding.UTF8.GetBytes("ThisIsASecretKey");
        }

        public void FromVault(Aes aes, byte[] material)
        {
            // near-miss: the bytes come from the caller
            aes.Key = material;
        }

        public SymmetricSecurityKey Configured(IConfiguration configuration)
        {
            // near-miss: the value comes from outside
            return new SymmetricSecurityKey(Encoding.UTF8.GetBytes(configuration["Jwt:SigningKey"]));
        }
    }
}
