#include <openssl/aes.h>
#include <openssl/hmac.h>

/* breach: crypto/key-in-code */
static const unsigned char mac_key[] = {0x31, 0x5a, 0x12, 0x7f, 0x44, 0x0e, 0x61, 0x2d};
/* near-miss: a table of another kind */
static const unsigned char sbox[] = {0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5};

void prepare(AES_KEY *schedule, const unsigned char *material)
{
    /* breach: crypto/key-in-code */
    AES_set_encrypt_key((const unsigned char *)"ThisIsASecretKey", 128, schedule);
    /* near-miss: the bytes come from the caller */
    AES_set_encrypt_key(material, 128, schedule);
}
