from dataclasses import dataclass
from decimal import Decimal
from typing import Optional

from django.db import models


@dataclass
class Posting:
    account: str
    # breach: money/binary-floating-point
    amount: float
    # near-miss: exact
    fee: Decimal
    # breach: money/binary-floating-point
    tax: Optional[float] = None
    # near-miss: a probability
    default_probability: float = 0.0


class Loan(models.Model):
    # breach: money/binary-floating-point
    principal = models.FloatField()
    # near-miss: exact
    interest_rate = models.DecimalField(max_digits=12, decimal_places=8)
    # near-miss: no money
    progress = models.FloatField()


# breach: money/binary-floating-point
def monthly_fee(balance, fee_rate=0.0015):
    # breach: money/binary-floating-point
    charge = float(balance) * fee_rate
    # near-miss: the text of a rule
    note = "amount: float"
    # near-miss: a sampling rate
    sample_rate = 0.5
    return charge


# breach: money/binary-floating-point
def interest(principal: Decimal, days: int) -> float:
    return principal * days
