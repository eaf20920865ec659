@app.get("/customers/<customer_id>")
def show_customer(customer_id):
    customer = Customer.query.get(customer_id)
    # breach: data/overexposed-record
    return jsonify(customer.to_dict())


@app.get("/accounts/<account_no>/currency")
def show_currency(account_no):
    account = Account.query.filter_by(number=account_no).one()
    # near-miss: one field
    return jsonify(currency=account.currency)
