def withdraw(account_id, amount):
    account = Account.objects.get(pk=account_id)
    # breach: txn/lost-update
    account.balance -= amount
    account.save()


@transaction.atomic
def debit(account_id, amount):
    account = Account.objects.select_for_update().get(pk=account_id)
    # near-miss: locked by the read
    account.balance -= amount
    account.save()


def charge(account_id, amount):
    # not-asked: the database computes and tests
    rows = Account.objects.filter(pk=account_id, balance__gte=amount).update(balance=F("balance") - amount)
    if rows != 1:
        raise InsufficientFunds(account_id)
