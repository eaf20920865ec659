@app.put("/tariffs/{code}")
def change_tariff(code: str, command: TariffCommand):
    # breach: audit/missing-audit-record
    tariffs.update_fee(code, command.fee)


@app.delete("/mandates/{mandate_id}")
def remove_mandate(mandate_id: str, user=Depends(current_user)):
    mandates.delete(mandate_id)
    # near-miss: a row of the audit table
    AuditRecord.objects.create(user=user.id, action="MANDATE_REMOVED", object_id=mandate_id)
