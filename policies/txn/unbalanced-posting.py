def book_fee(account, fee):
    Entry.objects.create(account=account, side="D", amount=fee)
    # breach: txn/unbalanced-posting
    Entry.objects.create(account=FEE_INCOME, side="C", amount=fee)


@transaction.atomic
def book_interest(account, interest):
    Entry.objects.create(account=INTEREST_EXPENSE, side="D", amount=interest)
    # near-miss: one transaction around both legs
    Entry.objects.create(account=account, side="C", amount=interest)
