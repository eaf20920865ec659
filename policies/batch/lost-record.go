package batch

func (b *Batch) Run(ctx context.Context, payments []Payment) {
	for _, payment := range payments {
		if err := b.ledger.Post(ctx, payment); err != nil {
			// breach: batch/lost-record
			log.Printf("payment %s: %v", payment.ID, err)
			continue
		}
	}
}

func (b *Batch) RunWithRejects(ctx context.Context, payments []Payment) error {
	for _, payment := range payments {
		if err := b.ledger.Post(ctx, payment); err != nil {
			// near-miss: stored; only a failure to store ends the run
			if err := b.rejects.Add(ctx, payment, err.Error()); err != nil {
				return err
			}
		}
	}
	return b.rejects.CheckThreshold(ctx)
}
