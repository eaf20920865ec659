from decimal import Decimal

# breach: money/day-count-literal
DAYS_PER_YEAR = Decimal("365")
# near-miss: how long a report is kept
REPORT_DAYS = 365


def accrue(principal: Decimal, annual_rate: Decimal, days: int, basis: int) -> Decimal:
    # breach: money/day-count-literal
    interest = principal * annual_rate * days / Decimal("360")
    # breach: money/day-count-literal
    daily_rate = annual_rate / 365
    # near-miss: the contracted basis
    agreed = principal * annual_rate * days / basis
    # near-miss: no interest
    share = days / 365
    return interest + daily_rate + agreed + Decimal(share)
