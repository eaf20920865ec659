@shared_task
def process_payment(message):
    # breach: txn/missing-idempotency
    ledger.transfer(message["payer"], message["payee"], Decimal(message["amount"]))


@shared_task
def process_transfer(message):
    with transaction.atomic():
        # near-miss: get_or_create on a unique column; only the creator posts
        _, first = Request.objects.get_or_create(request_id=message["request_id"])
        if first:
            ledger.transfer(message["payer"], message["payee"], Decimal(message["amount"]))
