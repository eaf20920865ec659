@app.get("/accounts/{account_no}/entries")
def entries(account_no: str):
    # breach: auth/record-ownership
    return list(Entry.objects.filter(account_no=account_no))


@app.get("/accounts/{account_no}/statement")
def statement(account_no: str, user=Depends(current_user)):
    # near-miss: only accounts of the caller
    account = Account.objects.get(number=account_no, owner=user.customer_no)
    return account.statement()
