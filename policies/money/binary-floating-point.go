package ledger

import (
	"strconv"

	"github.com/shopspring/decimal"
)

type Posting struct {
	AccountNo string
	// breach: money/binary-floating-point
	Amount float64
	// near-miss: minor units
	FeeMinor int64
	// near-miss: exact
	Balance decimal.Decimal
	// near-miss: sampling is no money
	SampleRate float64
	// breach: money/binary-floating-point
	Prices []float64
}

// breach: money/binary-floating-point
const overdraftRate = 0.0005

// breach: money/binary-floating-point
func MonthlyFee(months int) float64 {
	// breach: money/binary-floating-point
	amount, err := strconv.ParseFloat("12.5", 64)
	if err != nil {
		return 0
	}
	// near-miss: the time that payments take
	paymentLatency := 1.5
	return amount * paymentLatency
}

// near-miss: a decimal rate
func Accrue(interestRate decimal.Decimal, weight float64) {}

// breach: money/binary-floating-point
type Money float64

func report(p Posting, hits int) (float64, float64) {
	// breach: money/binary-floating-point
	shown := p.Balance.InexactFloat64()
	// near-miss: a count
	return shown, float64(hits)
}
