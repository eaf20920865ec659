def score(customer):
    payload = {"name": customer.full_name, "id_card": customer.id_card_no, "txns": customer.last_year_txns()}
    # breach: data/outbound-personal-data
    return requests.post("https://api.example-ai.com/v1/score", json=payload, timeout=5)


def score_with_consent(customer):
    consent.require(customer.customer_no, purpose="CREDIT_SCORING", recipient=PARTNER_A)
    payload = {"subject": tokenise(customer.id_card_no), "features": score_features(customer)}
    # near-miss: consent, token and features
    return partner_client.post("/score", payload)
