package batch

func (j *InterestJob) Run(ctx context.Context, day time.Time) error {
	// breach: batch/repeated-run
	return j.ledger.PostInterest(ctx, day)
}

func (j *FeeJob) Run(ctx context.Context, day time.Time) error {
	// near-miss: a unique row of job and day
	if err := j.control.Claim(ctx, "FEE", day); err != nil {
		return err
	}
	return j.ledger.PostFees(ctx, day)
}
