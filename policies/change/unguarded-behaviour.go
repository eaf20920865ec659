package fees

func Fee(payment Payment) int64 {
	// breach: change/unguarded-behaviour
	if os.Getenv("NEW_FEE_FLAG") != "off" {
		return newFee(payment.AmountMinor)
	}
	return oldFee(payment.AmountMinor)
}

func DatedFee(payment Payment, parameters Parameters) int64 {
	// near-miss: by the business date of the payment
	if !payment.BusinessDate.Before(parameters.EffectiveDate) {
		return newFee(payment.AmountMinor)
	}
	return oldFee(payment.AmountMinor)
}
