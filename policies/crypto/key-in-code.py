import hmac
import os

import jwt
from Crypto.Cipher import AES

# breach: crypto/key-in-code
SM4_KEY = "0123456789abcdeffedcba9876543210"
# near-miss: a reference to a key
SM4_KEY_REF = "kms:card-data-dek:v3"
# near-miss: the value comes from outside
SECRET_KEY = os.environ["BANK_SECRET_KEY"]
# breach: crypto/key-in-code
TOKEN_SECRET = os.environ.get("TOKEN_SECRET", "q8Zr2vL0pXw5TnB")


def literal(nonce):
    # breach: crypto/key-in-code
    return AES.new(b"ThisIsASecretKey", AES.MODE_GCM, nonce=nonce)


def token(claims):
    # breach: crypto/key-in-code
    return jwt.encode(claims, "bank-core-signing", algorithm="HS256")


def wrapped(material, nonce):
    # near-miss: the bytes come from the caller
    return AES.new(material, AES.MODE_GCM, nonce=nonce)


def label():
    # near-miss: the name of a field
    return {"secret_key": "secret_key_label"}
