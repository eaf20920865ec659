package com.bank.sign;

class OrderSigner {
    byte[] sign(PaymentOrder order) throws GeneralSecurityException {
        // breach: crypto/international-algorithm
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(bankKey);
        signature.update(order.toBytes());
        return signature.sign();
    }

    byte[] signForScheme(CardOrder order) throws GeneralSecurityException {
        // near-miss: exception GM-EX-07: the international card scheme prescribes RSA; SM2 is signed beside it
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(schemeKey);
        signature.update(order.toBytes());
        return join(signature.sign(), sm2.sign(order.toBytes()));
    }

    // not-asked: an SM algorithm
    byte[] digest(byte[] data) { return SM3Util.digest(data); }
}
