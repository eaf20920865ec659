class Command(BaseCommand):
    def handle(self, *args, **options):
        for account in Account.objects.all():
            account.balance += account.daily_interest()
            # breach: batch/not-restartable
            account.save()


class RestartableCommand(BaseCommand):
    def handle(self, *args, **options):
        for account in Account.objects.filter(accrued_on__lt=options["day"]):
            account.balance += account.daily_interest()
            # near-miss: saved together with the day that the selection asks for
            account.accrued_on = options["day"]
            account.save()
