def settle(batch):
    with transaction.atomic():
        ledger.post_all(batch.entries)
        try:
            fees.charge(batch)
        # breach: txn/swallowed-in-transaction
        except FeeError:
            log.warning("fee failed %s", batch.id)


@transaction.atomic
def settle_one(entry):
    try:
        entry.save()
    # breach: txn/swallowed-in-transaction
    except DatabaseError:
        return False
    return True


def settle_safe(batch):
    with transaction.atomic():
        try:
            fees.charge(batch)
        # near-miss: thrown on
        except FeeError as exc:
            raise SettlementError(batch.id) from exc


def settle_outside(batch):
    try:
        with transaction.atomic():
            fees.charge(batch)
    # near-miss: the transaction is already rolled back
    except FeeError:
        log.warning("fee failed %s", batch.id)


def settle_savepoint(batch):
    with transaction.atomic():
        try:
            with transaction.atomic():
                fees.charge(batch)
        # near-miss: a savepoint takes the fee back
        except FeeError:
            log.warning("fee failed %s", batch.id)
