def approve_refund(refund, approver_id):
    # breach: auth/maker-checker
    refund.approver = approver_id
    refund.status = "APPROVED"
    refund.save()


def approve_refund_as(refund, request):
    # near-miss: not by the maker
    if request.user.pk == refund.maker_id:
        raise PermissionDenied("own refund")
    refund.approver = request.user
    refund.status = "APPROVED"
    refund.save()
