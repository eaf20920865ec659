package batch

func (b *Batch) Process(r io.Reader) error {
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		payment, err := parsePayment(scanner.Text())
		if err != nil {
			return err
		}
		// breach: batch/missing-control-totals
		b.ledger.PostPayment(payment)
	}
	return scanner.Err()
}

func (b *Batch) ProcessChecked(r io.Reader) error {
	payments, trailer, err := parseAll(bufio.NewScanner(r))
	if err != nil {
		return err
	}
	// near-miss: nothing is posted where count or total differ
	if trailer.Count != len(payments) || trailer.TotalMinor != total(payments) {
		return ErrTotals
	}
	return b.ledger.PostPayments(payments)
}
