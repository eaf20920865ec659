def send(cursor, payment_id):
    # breach: txn/unchecked-row-count
    cursor.execute("UPDATE payment SET status = 'SENT' WHERE id = %s AND status = 'APPROVED'", (payment_id,))
    queue.put(payment_id)


def approve(payment_id, version):
    # breach: txn/unchecked-row-count
    Payment.objects.filter(pk=payment_id, version=version).update(status="APPROVED")


def send_checked(cursor, payment_id):
    # near-miss: the count is compared
    cursor.execute("UPDATE payment SET status = 'SENT' WHERE id = %s AND status = 'APPROVED'", (payment_id,))
    if cursor.rowcount != 1:
        raise IllegalState(payment_id)


def approve_checked(payment_id, version):
    # near-miss: the count is compared
    rows = Payment.objects.filter(pk=payment_id, version=version).update(status="APPROVED")
    if rows != 1:
        raise IllegalState(payment_id)


def rename(cursor, payment_id, label):
    # near-miss: no business condition
    cursor.execute("UPDATE payment SET label = %s WHERE id = %s", (label, payment_id))
