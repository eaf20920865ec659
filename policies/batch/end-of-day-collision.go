package eod

func (e *EndOfDay) Snapshot(ctx context.Context, businessDate time.Time) error {
	// breach: batch/end-of-day-collision
	_, err := e.db.ExecContext(ctx, "INSERT INTO eod_balance SELECT acct_no, $1, balance FROM acct", businessDate)
	return err
}

func (e *EndOfDay) SnapshotAsOf(ctx context.Context, businessDate time.Time) error {
	// near-miss: without the movements of the next day
	_, err := e.db.ExecContext(ctx, "INSERT INTO eod_balance SELECT acct_no, $1, balance - next_day_movement FROM acct", businessDate)
	return err
}
