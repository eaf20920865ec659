package com.bank.callback

class CallbackHandler(private val payments: Payments, private val signer: Signer) {
    fun handle(body: ByteArray, signature: String?) {
        // breach: crypto/late-mac-check
        if (signature != null && !signer.verify(body, signature)) throw Rejected()
        payments.confirm(parse(body))
    }

    fun handleSigned(body: ByteArray, signature: String?) {
        // near-miss: an absent signature is rejected too
        if (signature == null || !signer.verify(body, signature)) throw Rejected()
        payments.confirm(parse(body))
    }
}
