#include <stdint.h>

struct account {
    char number[24];
    /* breach: money/binary-floating-point */
    double balance;
    /* near-miss: minor units */
    int64_t available_balance;
    /* breach: money/binary-floating-point */
    float fees[12];
    /* near-miss: neither a probability nor a count is money */
    double default_probability, fee_count;
};

/* breach: money/binary-floating-point */
static const double interest_rate = 0.0375;

/* breach: money/binary-floating-point */
double monthly_fee(const struct account *a, int months)
{
    /* near-miss: elapsed seconds */
    double payment_seconds = 0;
    /* breach: money/binary-floating-point */
    double tax = 0, share = 1;
    return tax + payment_seconds + share;
}
