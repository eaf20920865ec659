package com.bank.cards

@Entity
class StoredCard(
    @Id val id: Long,
    // breach: data/clear-card-data
    val cardNumber: String,
    @Convert(converter = PanConverter::class)
    // not-asked: encrypted by the converter
    val pan: String,
    // near-miss: truncated by the name of its column
    @Column(name = "last4") val cardNo: String,
)
