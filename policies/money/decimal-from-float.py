from decimal import Decimal


def overdraft_charge(balance: Decimal, quoted: float, days: int) -> Decimal:
    # breach: money/decimal-from-float
    rate = Decimal(0.0005)
    # near-miss: from text
    tax = Decimal("0.19")
    # breach: money/decimal-from-float
    spread = Decimal(float(days) / 7)
    # breach: money/decimal-from-float
    premium = Decimal(quoted)
    # near-miss: the shortest text of the float
    shown = Decimal(str(quoted))
    # near-miss: a count
    return balance * rate * tax * Decimal(days) + spread + premium + shown
