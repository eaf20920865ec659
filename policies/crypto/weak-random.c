#include <stdio.h>
#include <stdlib.h>
#include <openssl/rand.h>

void send_challenge(char *otp, size_t size)
{
    /* breach: crypto/weak-random */
    snprintf(otp, size, "%06d", rand() % 1000000);
}

void new_session_token(unsigned char *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        /* breach: crypto/weak-random */
        out[i] = (unsigned char)(random() & 0xff);
    }
}

int new_nonce(unsigned char *nonce, int size)
{
    /* near-miss: the secure generator */
    return RAND_bytes(nonce, size);
}

unsigned backoff_millis(void)
{
    /* near-miss: jitter of a retry */
    return 100 + rand() % 50;
}

unsigned pick_host(unsigned count)
{
    /* near-miss: a choice among servers */
    unsigned host = rand() % count;
    return host;
}
