#include <openssl/evp.h>
#include <gcrypt.h>

class CardDataCipher {
public:
    bool open(EVP_CIPHER_CTX *ctx, const unsigned char *key, const unsigned char *nonce) {
        // breach: crypto/ecb-mode
        EVP_EncryptInit_ex(ctx, EVP_sm4_ecb(), nullptr, key, nullptr);
        // near-miss: an authenticated mode
        return EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), nullptr, key, nonce) == 1;
    }

    bool openLibgcrypt(gcry_cipher_hd_t *handle) {
        // breach: crypto/ecb-mode
        gcry_cipher_open(handle, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_ECB, 0);
        // near-miss: an authenticated mode
        return gcry_cipher_open(handle, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_GCM, 0) == 0;
    }
};
