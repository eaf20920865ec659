package com.bank.cards;

class PinCheck {
    boolean verify(byte[] pinBlock, String pan, Card card) throws Exception {
        // breach: data/clear-pin
        byte[] clear = desCipher.doFinal(pinBlock);
        return PinFormat.iso0(clear, pan).equals(card.getPin());
    }

    boolean verifyByHsm(byte[] pinBlock, String pan, Card card) {
        // near-miss: the HSM compares; the block stays encrypted
        PinVerifyResult result = hsm.verifyPin(pinBlock, pan, zpkLabel, card.getPvv());
        return result.isApproved();
    }

    // not-asked: a counter
    int getPinTries() { return pinTries; }
}
