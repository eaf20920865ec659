package com.bank.card.web

@RestController
class CardController(private val cards: CardRepository) {
    @GetMapping("/cards/{id}")
    // breach: auth/record-ownership
    fun show(@PathVariable id: Long): CardView = cards.findById(id).get().view()

    @GetMapping("/my/cards/{id}")
    fun mine(@PathVariable id: Long, user: BankUser): CardView =
        // near-miss: only among the caller's own cards
        cards.findByIdAndCustomerNo(id, user.customerNo).view()
}
