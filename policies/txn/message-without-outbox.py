@transaction.atomic
def approve_payment(payment):
    payment.status = "APPROVED"
    payment.save()
    # breach: txn/message-without-outbox
    producer.send("payment-approved", payment.reference)


@transaction.atomic
def reject_payment(payment):
    payment.status = "REJECTED"
    payment.save()
    # near-miss: a row of the outbox
    OutboxEvent.objects.create(topic="payment-rejected", body=payment.reference)
    event_queue.publish_later(payment.reference)
