package bank.ledger;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** Moves money between two accounts of this bank, for a fee. */
public class TransferService {
    private static final BigDecimal FEE_RATE = new BigDecimal("0.0015");

    private final JdbcTemplate jdbc;
    private final Gateway gateway;

    public TransferService(JdbcTemplate jdbc, Gateway gateway) {
        this.jdbc = jdbc;
        this.gateway = gateway;
    }

    @Transactional
    public void transfer(String payer, String payee, BigDecimal amount) {
        int debited = jdbc.update(
            "UPDATE account SET balance = balance - ? WHERE id = ? AND balance >= ?", amount, payer, amount);
        if (debited != 1) {
            throw new InsufficientFunds(payer);
        }
        jdbc.update("UPDATE account SET balance = balance + ? WHERE id = ?", amount, payee);
        try {
            jdbc.update("INSERT INTO fee (account, amount) VALUES (?, ?)", payer, fee(amount));
            gateway.announce(payer, payee, amount);
        } catch (GatewayException failure) {
            log.warn("transfer not announced", failure);
        }
    }

    private BigDecimal fee(BigDecimal amount) {
        return amount.multiply(FEE_RATE).setScale(2, RoundingMode.HALF_EVEN);
    }
}
