@retry(stop=stop_after_attempt(5))
def send_payment(payment):
    # breach: txn/unsafe-retry
    gateway.pay(payment.account, payment.amount)


@retry(stop=stop_after_attempt(5), wait=wait_exponential())
def send_payment_once(payment):
    # near-miss: the payment's own reference is the key
    gateway.pay(payment.account, payment.amount, idempotency_key=payment.reference)
