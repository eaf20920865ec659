from gmssl import sm3, sm4


def mac_order(key, order):
    # breach: crypto/international-algorithm
    return hmac.new(key, order, "sha256").digest()


def page_tag(page):
    # near-miss: a tag of a page
    return hashlib.sha256(page).hexdigest()
