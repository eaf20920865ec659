package bank.card;

import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Transient;

@Entity
class CardPayment {
    @Id
    private Long id;
    private String cardToken;
    // breach: data/stored-authentication-data
    private String cvv;
    // breach: data/stored-authentication-data
    @Column(name = "TRACK2") private byte[] track2Data;
    // near-miss: lives in memory only
    @Transient private String pinBlock;
    // near-miss: the outcome of the check
    private String cvvResult;
    // near-miss: a counter
    private int pinTryCount;
}

class AuthorisationMessage {
    // near-miss: a message on its way to the host
    private String cvv;
}

class Archive {
    // breach: data/stored-authentication-data
    static final String SAVE = "INSERT INTO auth_archive (stan, card_token, pin_block) VALUES (?, ?, ?)";
    // near-miss: nothing of the card's secrets
    static final String KEEP = "INSERT INTO auth_archive (stan, card_token, auth_code) VALUES (?, ?, ?)";
}
