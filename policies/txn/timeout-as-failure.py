def send_payment(payment):
    try:
        client.submit_payment(payment)
        payment.status = Status.SENT
    except requests.RequestException:
        # breach: txn/timeout-as-failure
        payment.status = Status.FAILED
        holds.release(payment.hold_id)


def send_payment_safely(payment):
    try:
        client.submit_payment(payment)
        payment.status = Status.SENT
    except requests.ConnectionError:
        payment.status = Status.FAILED if not client.was_sent(payment) else Status.UNKNOWN
    except requests.Timeout:
        # near-miss: unknown until the enquiry
        payment.status = Status.UNKNOWN
        enquiries.schedule(payment.reference)
