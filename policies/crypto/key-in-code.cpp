#include <openssl/hmac.h>
#include <string>

class CardDataKeys {
    // breach: crypto/key-in-code
    const unsigned char pinKey[8] = {0x31, 0x5a, 0x12, 0x7f, 0x44, 0x0e, 0x61, 0x2d};

    void authenticate(const unsigned char *message, size_t size, unsigned char *out) {
        // breach: crypto/key-in-code
        HMAC(EVP_sha256(), "bank-core-signing", 17, message, size, out, nullptr);
        // near-miss: the key comes from a session of the HSM
        HMAC(EVP_sha256(), key_.data(), key_.size(), message, size, out, nullptr);
    }

    std::string label() {
        // near-miss: a label of a key
        const std::string secretKeyLabel = "kms:card-data-dek:v3";
        return secretKeyLabel;
    }
};
