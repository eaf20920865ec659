from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def encrypt(key, nonce, pan):
    # breach: crypto/ecb-mode
    cipher = AES.new(key, AES.MODE_ECB)
    # breach: crypto/ecb-mode
    defaulted = AES.new(key)
    # breach: crypto/ecb-mode
    other = Cipher(algorithms.AES(key), modes.ECB())
    # near-miss: an authenticated mode
    gcm = AES.new(key, AES.MODE_GCM, nonce=nonce)
    # near-miss: a named argument is a mode too
    named = Cipher(algorithms.AES(key), mode=modes.GCM(nonce))
    # near-miss: a text about it
    print("AES.MODE_ECB is refused")
    # near-miss: the mode is compared
    if cipher.mode == AES.MODE_ECB:
        raise ValueError("mode")
    return gcm.encrypt(pan)
