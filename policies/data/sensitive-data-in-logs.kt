package bank.card

import org.slf4j.LoggerFactory

class Authorisation(private val masker: PanMasker) {
    private val log = LoggerFactory.getLogger(javaClass)

    fun authorise(req: AuthRequest, cvv: String, password: String) {
        // breach: data/sensitive-data-in-logs
        log.info("auth request card={}", req.cardNo)
        // near-miss: masked
        log.info("auth request card={}", masker.mask(req.cardNo))
        // breach: data/sensitive-data-in-logs
        log.debug("card ${req.cardNumber} from ${req.terminal}")
        // near-miss: whether there is one
        log.info("cvv given: {}", cvv.isNotEmpty())
        // breach: data/sensitive-data-in-logs
        println("login " + password)
        // near-miss: the last four
        log.info("card ending {}", req.cardNo.takeLast(4))
        // breach: data/sensitive-data-in-logs
        throw IllegalStateException("no match for " + password)
    }
}
