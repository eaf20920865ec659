package bank.account;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

class Postings {
    private final List<BigDecimal> amounts = new ArrayList<>();

    void debit(Account account, BigDecimal amount) {
        BigDecimal balance = account.getBalance();
        // breach: money/discarded-decimal-result
        balance.subtract(amount);
        // near-miss: the result is kept
        balance = balance.add(amount);
        // breach: money/discarded-decimal-result
        account.getBalance().negate();
        // near-miss: a list changes
        amounts.add(amount);
        // breach: money/discarded-decimal-result
        amount.setScale(2, java.math.RoundingMode.HALF_UP);
        // near-miss: the result is passed on
        account.setBalance(balance.subtract(amount));
    }
}
