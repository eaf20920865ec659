def change_fee(account, fee, user):
    account.fee = fee
    # breach: audit/incomplete-audit-record
    audit_log.write("fee changed", account.pk)


def change_rate(account, rate, user):
    old, account.rate = account.rate, rate
    # near-miss: everything is named
    audit_log.write(actor=user.pk, action="RATE", object_id=account.pk, before=old, after=rate)
