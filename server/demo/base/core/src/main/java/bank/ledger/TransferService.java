package bank.ledger;

import java.math.BigDecimal;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** Moves money between two accounts of this bank. */
public class TransferService {
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
    }
}
