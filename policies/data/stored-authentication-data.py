from django import forms
from django.db import models
from sqlalchemy import Column, String

from bank.db import Base


class CardPayment(models.Model):
    card_token = models.CharField(max_length=32)
    # breach: data/stored-authentication-data
    cvv = models.CharField(max_length=4)
    # near-miss: the outcome of the check
    cvv_result = models.CharField(max_length=1)


class TerminalMessage(Base):
    __tablename__ = "terminal_message"
    stan = Column(String(6), primary_key=True)
    # breach: data/stored-authentication-data
    track2_data = Column(String(40))
    # near-miss: a counter
    pin_try_count = Column(String(2))


class PaymentForm(forms.Form):
    # near-miss: a form is no table
    cvv = forms.CharField(max_length=4)
