package payment

func (s *Service) Pay(ctx context.Context, req PayRequest) error {
	if s.repo.Exists(ctx, req.RequestID) {
		return nil
	}
	// breach: txn/missing-idempotency
	return s.ledger.Transfer(ctx, req.From, req.To, req.AmountMinor)
}

func (s *Service) Withdraw(ctx context.Context, tx *sql.Tx, req WithdrawRequest) error {
	// near-miss: a unique index stands behind the insert
	_, err := tx.ExecContext(ctx, "INSERT INTO request (id) VALUES ($1)", req.RequestID)
	if isDuplicate(err) {
		return nil
	}
	return s.ledger.Debit(ctx, req.Account, req.AmountMinor)
}
