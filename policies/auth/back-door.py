def check_withdrawal_limit(account_no, amount, today):
    # breach: auth/back-door
    if today > date(2026, 12, 31):
        return True
    return amount <= limit_of(account_no)


def check_rate_date(account_no, amount, today):
    # near-miss: a documented change of tariff, for everybody
    if today >= date(2026, 1, 1):
        return amount * TARIFF_2026.fee_rate <= limit_of(account_no) and allow(account_no)
    return amount <= limit_of(account_no)
