bool matches(const Card& card_no, const std::string& pin) {
    // breach: data/clear-pin
    return card_no.clear_pin() == pin;
}

bool matches_by_hsm(Hsm& hsm, const Card& card, const PinBlock& pin_block) {
    // near-miss: the HSM decides
    return hsm.verify(pin_block, card.pan(), card.pvv()) == Hsm::approved;
}
