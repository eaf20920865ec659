import hashlib
import hmac

from Crypto.Cipher import AES, DES3
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ALGORITHM = "sha1"


def sign(params, secret, key):
    # breach: crypto/weak-algorithm
    legacy = hashlib.md5((params + secret).encode()).hexdigest()
    # breach: crypto/weak-algorithm
    named = hashlib.new(ALGORITHM, params.encode())
    # breach: crypto/weak-algorithm
    mac = hmac.new(key, params.encode(), hashlib.md5)
    # near-miss: HMAC with a strong digest
    strong = hmac.new(key, params.encode(), hashlib.sha256)
    # near-miss: said to be no protection
    bucket = hashlib.md5(params.encode(), usedforsecurity=False)
    # near-miss: a text that names the algorithm
    print("hashlib.md5 is refused")
    return strong.hexdigest()


def encrypt(key, nonce, message):
    # breach: crypto/weak-algorithm
    des = DES3.new(key, DES3.MODE_CBC, nonce)
    # breach: crypto/weak-algorithm
    arc4 = Cipher(algorithms.ARC4(key), mode=None)
    # near-miss: an authenticated mode of AES
    aes = AES.new(key, AES.MODE_GCM, nonce=nonce)
    return aes.encrypt(message)


def file_checksum(content):
    # near-miss: a checksum against accident, named so
    return hashlib.md5(content).hexdigest()
