#include <gmssl/sm2.h>

std::vector<unsigned char> mac(const std::vector<unsigned char>& instruction) {
    std::vector<unsigned char> out(32);
    // breach: crypto/international-algorithm
    HMAC(EVP_sha256(), key.data(), key.size(), instruction.data(), instruction.size(), out.data(), nullptr);
    return out;
}

std::string bucket(const std::string& path) {
    // near-miss: spreads files over folders
    return hex(EVP_sha256(), path).substr(0, 2);
}
