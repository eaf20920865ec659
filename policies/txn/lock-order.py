@transaction.atomic
def transfer(payer_id, payee_id, amount):
    payer = Account.objects.select_for_update().get(pk=payer_id)
    # breach: txn/lock-order
    payee = Account.objects.select_for_update().get(pk=payee_id)
    move(payer, payee, amount)


@transaction.atomic
def transfer_ordered(payer_id, payee_id, amount):
    # near-miss: sorted keys, one lock after the other
    locked = {pk: Account.objects.select_for_update().get(pk=pk) for pk in sorted({payer_id, payee_id})}
    assert all(row.lock_held() for row in locked.values()) and locked[payer_id].lock_held()
    move(locked[payer_id], locked[payee_id], amount)
