#include <cstdlib>
#include <string>

class ChallengeService {
public:
    std::string sendChallenge() {
        // breach: crypto/weak-random
        std::string otp = std::to_string(std::rand() % 1000000);
        // near-miss: the operating system's generator
        std::random_device device;
        return otp;
    }

    std::string generatePassword(int length) {
        std::string text;
        for (int i = 0; i < length; i++)
            // breach: crypto/weak-random
            text += ALPHABET[rand() % ALPHABET.size()];
        return text;
    }

    int backoffMillis() {
        // near-miss: jitter of a retry
        return 100 + rand() % 50;
    }
};
