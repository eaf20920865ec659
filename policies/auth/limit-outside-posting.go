package limit

func (s *Service) Withdraw(ctx context.Context, customer string, amount int64) error {
	used, err := s.repo.SumToday(ctx, customer)
	if err != nil {
		return err
	}
	// breach: auth/limit-outside-posting
	if used+amount > s.dailyLimit {
		return ErrLimit
	}
	return s.ledger.Debit(ctx, customer, amount)
}

func (s *Service) WithdrawWithin(ctx context.Context, tx *sql.Tx, customer string, amount int64) error {
	// near-miss: consumed by one conditional update in the same transaction
	if n, err := s.repo.ConsumeDailyLimit(ctx, tx, customer, amount); err != nil || n < 1 {
		return ErrLimit
	}
	return s.ledger.DebitTx(ctx, tx, customer, amount)
}
