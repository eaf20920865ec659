from dataclasses import dataclass, field
from typing import Optional

from pydantic import SecretStr


@dataclass
class Login:
    user: str
    # breach: data/sensitive-to-string
    password: str
    # near-miss: left out
    otp: str = field(repr=False)
    # near-miss: masks itself
    pin: SecretStr = None


@dataclass(frozen=True)
class CardAuth:
    # breach: data/sensitive-to-string
    card_no: Optional[str]
    # near-miss: one way only
    card_no_hash: str = ""


@dataclass(repr=False)
class PinChange:
    # near-miss: no repr is made
    pin_block: str


@dataclass
class Session:
    # near-miss: repr is written by hand
    access_token: str

    def __repr__(self):
        return "Session"


class Customer:
    def __repr__(self):
        # breach: data/sensitive-to-string
        return f"Customer({self.name}, {self.id_card_no})"


class Merchant:
    def __repr__(self):
        # near-miss: masked
        return f"Merchant({self.name}, {mask(self.secret_key)})"
