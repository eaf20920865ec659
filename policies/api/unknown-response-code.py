def apply_reply(payment, reply):
    if reply.response_code in DECLINED:
        payment.status = "FAILED"
    else:
        # breach: api/unknown-response-code
        payment.status = "SUCCESS"
    payment.save()


def apply_listed_reply(payment, reply):
    # near-miss: only one code is success, unlisted ones are unknown
    payment.status = {"00": "SUCCESS", "51": "FAILED"}[reply.response_code] if reply.response_code in ("00", "51") else "UNKNOWN"
    payment.save()
