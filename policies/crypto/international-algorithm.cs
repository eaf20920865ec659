using Org.BouncyCastle.Crypto.Engines; // SM4
namespace Bank.Store;

public class Vault
{
    private readonly SM4Engine sm4 = new();

    public byte[] Sign(byte[] instruction)
    {
        // breach: crypto/international-algorithm
        return RSA.Create(keySize).SignData(instruction, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public string Etag(byte[] page)
    {
        // near-miss: a tag of a page
        return Convert.ToHexString(SHA256.HashData(page));
    }
}
