class Payment(Model):
    amount = DecimalField()
    currency = CharField()


def batch_total(payments):
    total = Decimal("0")
    for payment in payments:
        # breach: money/mixed-currencies
        total += payment.amount
    return total


def batch_totals(payments):
    totals = defaultdict(Decimal)
    for payment in payments:
        # near-miss: one total for each currency
        totals[payment.currency] += payment.amount
    return totals
