package bank.card;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class Authorisation {
    private static final Logger log = LoggerFactory.getLogger(Authorisation.class);

    void authorise(AuthRequest req, String cvv, String password, String pin) {
        // breach: data/sensitive-data-in-logs
        log.info("auth request card={}", req.getCardNo());
        // near-miss: masked
        log.info("auth request card={} stan={}", PanMasker.mask(req.getCardNo()), req.getStan());
        // breach: data/sensitive-data-in-logs
        log.debug("cvv=" + cvv);
        // near-miss: a message about a password
        log.warn("password of {} has expired", req.getUser());
        // near-miss: whether there is one
        log.info("pin given: {}", pin != null);
        // near-miss: its length
        log.info("pin length {}", pin.length());
        // breach: data/sensitive-data-in-logs
        System.out.println(String.format("login %s/%s", req.getUser(), password));
        // breach: data/sensitive-data-in-logs
        MDC.put("card", req.getCardNumber());
        // near-miss: what is logged is a flag
        log.info("changed: {}", req.isPasswordChanged());
        // near-miss: stars stand for it
        log.info("pin {}", pin == null ? "none" : "***");
        if (password.isEmpty()) {
            // breach: data/sensitive-data-in-logs
            throw new IllegalArgumentException("wrong password " + password);
        }
        // near-miss: hashed with a managed key
        log.info("card {}", req.getCardNoHash());
    }
}

class Terminal {
    void show(Card c, String a, String b, Logger logger) {
        // breach: data/sensitive-data-in-logs
        logger.info("Card Number = " + a);
        // near-miss: the label speaks of the card's kind
        logger.info("Card type: " + b);
        // near-miss: masked
        logger.info("card number: " + Masker.mask(a));
        // near-miss: who forgot it
        logger.info("Reset of the password for " + b);
    }
}
