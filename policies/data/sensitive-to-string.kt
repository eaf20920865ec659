package bank.card

// breach: data/sensitive-to-string
data class CardAuth(val pan: String, val amountMinor: Long)

data class Login(
    val user: String,
    // breach: data/sensitive-to-string
    private val password: String?,
    // near-miss: a flag
    val passwordExpired: Boolean,
)

// near-miss: a value class that masks itself
data class MaskedAuth(val pan: MaskedPan, val amountMinor: Long)

// near-miss: toString is written by hand
data class PinChange(val pin: String) {
    override fun toString() = "PinChange"
}

// near-miss: no data class prints nothing
class Session(val accessToken: String)
