@shared_task
def capitalise_interest(day):
    for account in Account.objects.filter(product="SAV01"):
        # breach: batch/repeated-run
        account.credit_interest(account.accrued)
        account.save()


@shared_task
def accrue_interest(day):
    for account in Account.objects.filter(accrued_on__lt=day):
        # near-miss: the account remembers the day
        account.accrue_interest(day)
        account.accrued_on = day
        account.save()
