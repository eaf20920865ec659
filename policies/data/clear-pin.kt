package com.bank.cards

class PinChange(private val cards: CardRepository, private val hsm: Hsm) {
    fun change(request: PinChangeRequest) {
        // breach: data/clear-pin
        cards.setPin(request.cardNo, request.newPin)
    }

    fun changeByHsm(request: PinChangeRequest) {
        // near-miss: translated inside of the HSM
        val pinBlock = hsm.translatePinBlock(request.pinBlock, from = "ZPK.ATM", to = "LMK")
        cards.setPinBlock(request.cardNo, pinBlock)
    }
}
