package interest

import "github.com/shopspring/decimal"

// breach: money/day-count-literal
const daysInYear = 365

// near-miss: how long a certificate lives
const validityDays = 365

func Accrue(principal, annualRate decimal.Decimal, days, basis int64) decimal.Decimal {
	// breach: money/day-count-literal
	interest := principal.Mul(annualRate).Mul(decimal.NewFromInt(days)).Div(decimal.NewFromInt(360))
	// near-miss: the contracted basis
	agreed := principal.Mul(annualRate).Div(decimal.NewFromInt(basis))
	return interest.Add(agreed)
}

func Daily(annualRate float64) float64 {
	// breach: money/day-count-literal
	return annualRate / 365.0
}

func Turns(angle float64) float64 {
	// near-miss: degrees
	return angle / 360
}
