#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/md5.h>

int digest_message(const unsigned char *msg, size_t len, unsigned char *out)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    /* breach: crypto/weak-algorithm */
    EVP_DigestInit_ex(ctx, EVP_md5(), NULL);
    /* near-miss: a strong digest */
    EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);
    /* breach: crypto/weak-algorithm */
    MD5(msg, len, out);
    /* near-miss: HMAC does not need a collision-free digest */
    HMAC(EVP_sha1(), key, key_len, msg, len, out, NULL);
    return 0;
}

int encrypt_message(EVP_CIPHER_CTX *ctx, const unsigned char *key, const unsigned char *iv)
{
    /* breach: crypto/weak-algorithm */
    EVP_EncryptInit_ex(ctx, EVP_des_ede3_cbc(), NULL, key, iv);
    /* near-miss: a text that names the algorithm */
    fprintf(stderr, "EVP_des_cbc() is refused");
    /* near-miss: a strong cipher */
    return EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, iv);
}
