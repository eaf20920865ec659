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
