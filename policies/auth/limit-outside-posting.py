def pay(customer, amount):
    # breach: auth/limit-outside-posting
    if sum_today(customer) + amount > customer.daily_limit:
        raise LimitExceeded(customer)
    ledger.debit(customer.account, amount)


@transaction.atomic
def pay_within(customer, amount):
    rows = DailyLimit.objects.filter(customer=customer, used_today__lte=F("max") - amount).update(used_today=F("used_today") + amount)
    # near-miss: one row where enough was left
    if rows < 1:
        raise LimitExceeded(customer)
    ledger.debit(customer.account, amount)
