public class TransferRequest {
    private String payerAccount;
    // breach: money/binary-floating-point
    private double amount;
    // near-miss: the amount is exact
    private BigDecimal feeAmount;
    // breach: money/binary-floating-point
    public double feeFor(double feeRate, double price) {
        // near-miss: a count of fees is no money
        double feeCount = 1;
        return amount * feeRate;
    }
}
