@router.post("/transfers")
def transfer(payload: dict):
    amount = Decimal(payload["amount"])
    # breach: money/unchecked-amount
    ledger.transfer(payload["payer"], payload["payee"], amount)
    return {"status": "ok"}


@router.post("/withdrawals")
def withdraw(payload: WithdrawalIn):
    amount = Decimal(payload.amount)
    # near-miss: refused where it is not positive
    if amount <= 0 or amount != amount.quantize(CENT):
        raise HTTPException(422, "amount")
    ledger.debit(payload.account, amount)
    return {"status": "ok"}
