#include "card.h"

int verify_pin(const unsigned char *pin_block, const char *card_no, const char *pin)
{
    char clear_pin[13];
    // breach: data/clear-pin
    des_decrypt(pin_block, tpk, clear_pin);
    return strcmp(clear_pin, pin) == 0;
}

int verify_pin_by_hsm(const unsigned char *pin_block, const char *card_no, const char *pvv)
{
    // near-miss: the HSM decides
    return hsm_command_DA(pin_block, card_no, pvv) == HSM_OK;
}
