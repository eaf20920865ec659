int on_message(const struct message *msg)
{
    unsigned char mac[8];
    calc_mac(msg, mac);
    // breach: crypto/late-mac-check
    if (memcmp(mac, msg->mac, 8) != 0) return -1;
    return post_payment(msg);
}

int on_checked_message(const struct message *msg)
{
    unsigned char mac[8];
    calc_mac(msg, mac);
    // near-miss: compared in constant time
    if (CRYPTO_memcmp(mac, msg->mac, 8) != 0) return -1;
    return post_payment(msg);
}
