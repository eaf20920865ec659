#include <windows.h>
#include <wincrypt.h>
#include <openssl/evp.h>

class MessageProtector {
public:
    bool derive(HCRYPTPROV provider, HCRYPTHASH hash, HCRYPTKEY *key) {
        // breach: crypto/weak-algorithm
        if (!CryptCreateHash(provider, CALG_MD5, 0, 0, &hash)) return false;
        // near-miss: a strong digest
        if (!CryptCreateHash(provider, CALG_SHA_256, 0, 0, &hash)) return false;
        // breach: crypto/weak-algorithm
        if (!CryptDeriveKey(provider, CALG_3DES, hash, 0, key)) return false;
        // near-miss: a strong cipher
        return CryptDeriveKey(provider, CALG_AES_256, hash, 0, key);
    }

    const EVP_MD *byName() {
        // breach: crypto/weak-algorithm
        const EVP_MD *legacy = EVP_get_digestbyname("SHA1");
        // near-miss: a strong digest by name
        return EVP_get_digestbyname("SHA256");
    }
};
