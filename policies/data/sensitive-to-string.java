package bank.login;

import lombok.Data;
import lombok.ToString;
import lombok.Value;

@Data
class LoginCommand {
    private String userName;
    // breach: data/sensitive-to-string
    private String password;
    // near-miss: left out
    @ToString.Exclude private String idCardNo;
    // near-miss: a flag
    private boolean passwordExpired;
    // near-miss: one way only
    private String passwordHash;
}

@Value
class CardPayment {
    String terminal;
    // breach: data/sensitive-to-string
    String cardNo;
}

@ToString(exclude = "pin")
class PinChange {
    // near-miss: left out
    private String pin;
}

@Data
class Session {
    // near-miss: toString is written by hand
    private String accessToken;

    @Override
    public String toString() {
        return "Session";
    }
}

class PlainRequest {
    // near-miss: nothing prints it
    private String password;
}

// breach: data/sensitive-to-string
record CardAuthorisation(String pan, long amountMinor) {}

// near-miss: a masked value
record MaskedCard(String maskedPan, MaskedPan pan) {}

class CardHolder {
    private String cardNo;
    private String name;

    @Override
    public String toString() {
        // breach: data/sensitive-to-string
        return "CardHolder{cardNo='" + cardNo + "', name='" + name + "'}";
    }
}

class Customer {
    private String idCardNo;

    @Override
    public String toString() {
        // near-miss: masked
        return "Customer{idCardNo='" + Masker.mask(idCardNo) + "'}";
    }
}

class Merchant {
    // breach: data/sensitive-to-string
    private String secretKey;
    // near-miss: no secret
    private String city;

    @Override
    public String toString() {
        return ReflectionToStringBuilder.toString(this);
    }
}
