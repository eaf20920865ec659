def reverse_entry(entry_id, amount):
    entry = Entry.objects.get(pk=entry_id)
    # breach: txn/unlinked-reversal
    entry.amount = amount
    entry.save()


@transaction.atomic
def refund(original_id, amount):
    original = Payment.objects.select_for_update().get(pk=original_id)
    # near-miss: locked and compared with what is left
    if amount > original.amount - original.refunded:
        raise RefundRefused(original_id)
    Entry.objects.create(contra_of=original, amount=-amount)
    original.refunded += amount
    original.save()
