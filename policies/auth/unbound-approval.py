def confirm_transfer(request):
    # breach: auth/unbound-approval
    if cache.get(f"otp:{request.user.pk}") != request.data["otp"]:
        raise WrongCode()
    return transfer(request.data["payee"], request.data["amount"])


def confirm_pending(request, pending):
    # near-miss: of this transfer, and gone after use
    if not otp_store.consume(pending.pk, pending.content_hash, request.data["otp"]):
        pending.count_attempt()
        raise WrongCode()
    return transfer(pending.payee, pending.amount)
