def receive(msg):
    # breach: crypto/late-mac-check
    if calc_mac(msg.body) == msg.mac:
        post_payment(msg)


def receive_checked(msg):
    # near-miss: compared by hmac, and nothing before it
    if not hmac.compare_digest(calc_mac(msg.body), msg.mac):
        raise MacRejected(msg.id)
    post_payment(msg)
