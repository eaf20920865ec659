package credit

type Facility struct {
	Currency         string
	OutstandingMinor int64
}

func Exposure(facilities []Facility) int64 {
	var exposure int64
	for _, facility := range facilities {
		// breach: money/mixed-currencies
		exposure += facility.OutstandingMinor
	}
	return exposure
}

func ExposureIn(facilities []Facility, currency string) (int64, error) {
	var exposure int64
	for _, facility := range facilities {
		// near-miss: another currency ends in an error
		if facility.Currency != currency {
			return 0, ErrMixedCurrencies
		}
		exposure += facility.OutstandingMinor
	}
	return exposure, nil
}
