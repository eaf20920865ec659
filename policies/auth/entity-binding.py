from django import forms
from rest_framework import serializers


@app.route("/accounts", methods=["POST"])
def open_account():
    # breach: auth/entity-binding
    account = Account(**request.get_json())
    db.session.add(account)
    return jsonify(account.number)


def change_account(request, number):
    # breach: auth/entity-binding
    Account.objects.filter(number=number).update(**request.data)
    account = Account.objects.get(number=number)
    for key, value in request.data.items():
        # breach: auth/entity-binding
        setattr(account, key, value)
    for key, value in request.data.items():
        if key in EDITABLE:
            # near-miss: only listed fields
            setattr(account, key, value)


class AccountSerializer(serializers.ModelSerializer):
    class Meta:
        model = Account
        # breach: auth/entity-binding
        fields = "__all__"


class PayeeForm(forms.ModelForm):
    class Meta:
        model = Payee
        # near-miss: the fields are listed
        fields = ["name", "iban"]


class AccountListSerializer(serializers.ModelSerializer):
    class Meta:
        model = Account
        # near-miss: only shown, never written
        fields = "__all__"


def open_by_command(request):
    # near-miss: a command with declared fields checks what was sent
    command = OpenAccountCommand(**request.get_json())
    # near-miss: fields by name
    return Account(product=command.product, currency=command.currency)
