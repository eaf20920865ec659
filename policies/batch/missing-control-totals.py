def process_payments(path):
    with open(path) as lines:
        for line in lines:
            # breach: batch/missing-control-totals
            post_payment(parse(line))


def process_checked_payments(path):
    with open(path) as lines:
        *payments, trailer = [parse(line) for line in lines]
    # near-miss: compared before the first posting
    if trailer.count != len(payments) or trailer.amount != sum(p.amount for p in payments):
        raise RejectedFile(path)
    for payment in payments:
        post_payment(payment)
