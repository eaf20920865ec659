import hashlib
import os

from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

IV = b"1234567890123456"


def encrypt(key, message):
    # breach: crypto/fixed-nonce
    cipher = AES.new(key, AES.MODE_CBC, IV)
    # breach: crypto/fixed-nonce
    zeros = Cipher(algorithms.AES(key), modes.CBC(b"\x00" * 16))
    return cipher.encrypt(message)


def encrypt_right(key, message):
    nonce = os.urandom(12)
    # near-miss: a fresh nonce
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    # near-miss: a fresh vector
    other = Cipher(algorithms.AES(key), modes.CBC(os.urandom(16)))
    return nonce + cipher.encrypt(message)


def derive(password, salt):
    # breach: crypto/fixed-nonce
    fixed = hashlib.pbkdf2_hmac("sha256", password, b"clearing", 600000)
    # near-miss: a salt of the caller
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600000)
