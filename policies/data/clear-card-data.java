package com.bank.cards;

@Entity
class Card {
    // breach: data/clear-card-data
    @Column(name = "card_no", length = 19)
    private String cardNo;

    @Convert(converter = Sm4GcmPanConverter.class)
    @Column(name = "card_no_enc", length = 96)
    // not-asked: encrypted by the converter
    private String cardNumber;

    // not-asked: no card number
    private String cardProduct;

    // near-miss: a token of the vault stands in it, as the comment of the column says
    @Column(name = "pan_token", columnDefinition = "varchar(40) comment 'token of the vault'")
    private String pan;
}
