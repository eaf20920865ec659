def open_deposit(request):
    # breach: auth/client-supplied-decision
    rate = Decimal(request.data["rate"])
    if rate > 0:
        return Deposit.objects.create(customer=request.user, amount=request.data["amount"], rate=rate)


def open_deposit_by_product(request):
    product = Product.objects.get(code=request.data["product"])
    # near-miss: the offered rate is only compared with the product's
    if Decimal(request.data["rate"]) != product.rate:
        raise ValidationError("the rate has changed")
    return Deposit.objects.create(customer=request.user, amount=request.data["amount"], rate=product.rate)
