def pay(payee, amount):
    try:
        risk = fraud_client.check_risk(payee)
    except requests.RequestException:
        # breach: error/fail-open-control
        risk = "LOW"
    if risk != "HIGH":
        transfer(payee, amount)


def pay_checked(payee, amount):
    try:
        risk = fraud_client.check_risk(payee)
    except requests.RequestException:
        # near-miss: parked, not paid
        return review_queue.park(payee, amount)
    if risk == "LOW":
        transfer(payee, amount)
