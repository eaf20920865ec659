def run_payments(records):
    for rec in records:
        try:
            post(rec.account, rec.amount)
        except ValueError:
            # breach: batch/lost-record
            continue


def run_payments_with_rejects(records):
    for rec in records:
        try:
            post(rec.account, rec.amount)
        except ValueError as exc:
            # near-miss: stored with reason and amount
            rejects.add(rec, reason=str(exc), amount=rec.amount)
            continue
    rejects.assert_below(THRESHOLD)
