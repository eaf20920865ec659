import ssl

import requests


def send(clearing_url, message):
    # breach: crypto/unverified-peer
    requests.post(clearing_url, json=message, verify=False, timeout=10)
    # near-miss: the bank's roots decide
    requests.post(clearing_url, json=message, verify=BANK_CA_BUNDLE, timeout=10)


def context():
    # breach: crypto/unverified-peer
    unverified = ssl._create_unverified_context()
    context = ssl.create_default_context()
    # breach: crypto/unverified-peer
    context.check_hostname = False
    # breach: crypto/unverified-peer
    context.verify_mode = ssl.CERT_NONE
    return context


def context_right():
    context = ssl.create_default_context(cafile=BANK_CA_BUNDLE)
    # near-miss: certificates are required
    context.verify_mode = ssl.CERT_REQUIRED
    # near-miss: another check
    order.check(verify=False)
    return context
