package bank.card

import javax.persistence.Entity
import javax.persistence.Id

@Entity
class CardPayment(
    @Id val id: Long,
    val cardToken: String,
    // breach: data/stored-authentication-data
    val cvv2: String,
) {
    // breach: data/stored-authentication-data
    var pinBlock: String? = null
    // near-miss: the outcome of the check
    var cvvResult: String? = null
}

// near-miss: a message on its way to the host
data class AuthorisationMessage(val cvv: String, val amountMinor: Long)
