from decimal import Decimal, ROUND_HALF_UP

CENT = Decimal("0.01")


def monthly(annual_fee: Decimal, progress: float) -> Decimal:
    # breach: money/rounding-mode
    per_month = (annual_fee / 12).quantize(Decimal("0.01"))
    # near-miss: the mode is stated
    exact = (annual_fee / 12).quantize(CENT, rounding=ROUND_HALF_UP)
    # near-miss: the mode is stated by position
    also = annual_fee.quantize(CENT, ROUND_HALF_UP)
    # breach: money/rounding-mode
    shown = round(annual_fee, 2)
    # near-miss: no money
    percent = round(progress * 100)
    return per_month + exact + also + shown + percent
