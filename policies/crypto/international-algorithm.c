#include <gmssl/sm3.h>

int encrypt_pan(const unsigned char *pan, int n, unsigned char *out)
{
    // breach: crypto/international-algorithm
    return EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, iv) && encrypt(ctx, pan, n, out);
}

int file_checksum(const unsigned char *data, int n, unsigned char *out)
{
    // near-miss: a checksum against accident
    return EVP_Digest(data, n, out, NULL, EVP_sha256(), NULL);
}
