package com.bank.scoring;

class ScoringClient {
    Score score(Customer customer) {
        Map<String, Object> payload = Map.of("name", customer.getFullName(), "idCard", customer.getIdCardNo());
        // breach: data/outbound-personal-data
        return restTemplate.postForObject("https://api.example-score.com/v1/score", payload, Score.class);
    }

    Score scoreWithConsent(Customer customer) {
        consents.require(customer.getNumber(), Purpose.CREDIT_SCORING, PARTNER_A);
        // near-miss: a token and features, after the consent
        return partnerClient.post("/score", new ScoreRequest(tokens.of(customer.getIdCardNo()), features.of(customer)), Score.class);
    }

    // not-asked: nothing of a customer
    Rates rates() { return restTemplate.getForObject("https://api.example-rates.com/v1", Rates.class); }
}
