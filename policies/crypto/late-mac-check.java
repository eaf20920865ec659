package com.bank.inbound;

class InstructionInbound {
    void receive(byte[] body, Header header) {
        Instruction instruction = parser.parse(body);
        // breach: crypto/late-mac-check
        boolean ok = signer.verify(body, header.getSign());
        dispatcher.dispatch(instruction);
    }

    void receiveMac(Message message) {
        // breach: crypto/late-mac-check
        if (!Arrays.equals(macOf(message), message.getMac())) throw new MacRejectedException(message.getId());
        postings.post(parser.parse(message));
    }

    void receiveVerified(byte[] body, Header header) {
        // near-miss: first of all, and a failure ends it
        if (!signer.verify(body, header.getSign())) throw new MacRejectedException(header.getMsgId());
        dispatcher.dispatch(parser.parse(body));
    }

    // not-asked: makes a signature
    byte[] sign(byte[] body) { return signer.sign(body); }
}
