#include <openssl/aes.h>
#include <openssl/evp.h>

int encrypt_pan(EVP_CIPHER_CTX *ctx, const unsigned char *key, const unsigned char *nonce)
{
    /* breach: crypto/ecb-mode */
    if (!EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, key, NULL)) return 0;
    /* near-miss: an authenticated mode */
    return EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce);
}

void encrypt_block(const unsigned char *in, unsigned char *out, const AES_KEY *key)
{
    /* breach: crypto/ecb-mode */
    AES_ecb_encrypt(in, out, key, AES_ENCRYPT);
    /* near-miss: a text about it */
    puts("EVP_aes_128_ecb is refused");
}

int key_check_value(EVP_CIPHER_CTX *ctx, const unsigned char *key, unsigned char *kcv)
{
    /* near-miss: one block of zeros, for a key check value */
    return EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, key, NULL);
}
