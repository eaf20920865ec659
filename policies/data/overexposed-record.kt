package com.bank.card.web

class CardController(private val cards: CardRepository) {
    @GetMapping("/cards")
    // breach: data/overexposed-record
    fun list(): List<Card> = cards.findAll()

    @GetMapping("/cards/count")
    // near-miss: a number, no card
    fun count(): Long = cards.findAll().size.toLong()
}
