package bank.payment;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

public class TransferRequest {
    private String payerAccount;
    // breach: money/binary-floating-point
    private double amount;
    // near-miss: the amount is exact
    private BigDecimal feeAmount;
    // near-miss: minor units
    private long amountMinor;
    // near-miss: neither a frame rate nor a scroll amount is money
    private float frameRate, scrollAmount;
    // breach: money/binary-floating-point
    private Map<String, Double> balances;
    // breach: money/binary-floating-point
    static final Double OVERDRAFT_LIMIT = 500.0;

    // near-miss: the field is reported, not its accessor
    public double getAmount() {
        return amount;
    }

    // breach: money/binary-floating-point
    public double feeFor(double rate, int days) {
        // near-miss: a count of fees is no money
        double feeCount = 1;
        // breach: money/binary-floating-point
        var interestRate = 0.035;
        // near-miss: how the tree leans is no account balance
        double balanceFactor = 0.5;
        return amount * rate * interestRate;
    }

    // breach: money/binary-floating-point
    public void book(List<Float> charges, float price) {
        // near-miss: a text about an amount
        String amount = "double amount = 1.0";
    }

    // breach: money/binary-floating-point
    record Posting(String account, double amountDue) {}
}
