def split_premium(premium, policies):
    shares = []
    for policy in policies:
        # breach: money/split-remainder
        shares.append((premium * policy.weight / 100).quantize(CENT, ROUND_HALF_UP))
    return shares


def allocate_premium(premium, policies):
    shares = [(premium * policy.weight / 100).quantize(CENT, ROUND_DOWN) for policy in policies]
    # near-miss: the first policy takes the remainder
    shares[0] += premium - sum(shares)
    return shares


# not-asked: a rate for display, no parts
def share_of(amount, total_amount):
    return amount / total_amount
