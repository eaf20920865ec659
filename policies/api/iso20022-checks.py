def receive_pain001(body):
    root = etree.fromstring(body)
    for tx in root.iter("{*}CdtTrfTxInf"):
        # breach: api/iso20022-checks
        create_payment(parse_transfer(tx))


def receive_checked_pain001(body):
    root = etree.fromstring(body)
    PAIN_001_001_09.assertValid(root)
    transfers = [parse_transfer(tx) for tx in root.iter("{*}CdtTrfTxInf")]
    check_control_sum(root, transfers)
    # near-miss: schema and totals above; the MsgId column is unique
    Inbox.objects.create(msg_id=root.findtext(".//{*}MsgId"))
    create_payments(transfers)
