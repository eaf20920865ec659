def interest(account, flags):
    # breach: change/unguarded-behaviour
    if flags.get_bool("new_interest", default=True):
        return new_interest(account.balance)
    return old_interest(account.balance)


def dated_interest(account, parameters, business_date):
    # near-miss: by the business date
    if business_date >= parameters.effective_from:
        return new_interest(account.balance)
    return old_interest(account.balance)
