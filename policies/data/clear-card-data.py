class Card(models.Model):
    # breach: data/clear-card-data
    card_number = models.CharField(max_length=19)
    # not-asked: encrypted
    pan = EncryptedCharField(max_length=96)


def store_card(customer, card_no):
    # breach: data/clear-card-data
    redis.set(f"card:{customer.pk}", card_no)


def store_token(customer, card_no):
    # near-miss: tokenised first
    redis.set(f"card:{customer.pk}", vault.tokenise(card_no))
