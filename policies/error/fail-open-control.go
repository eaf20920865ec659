package screening

func (s *Service) Pay(ctx context.Context, p Payment) error {
	hit, err := s.sanctions.Screen(ctx, p.Payee)
	if err != nil {
		// breach: error/fail-open-control
		log.Printf("screening unavailable: %v", err)
	}
	if hit {
		return ErrBlocked
	}
	return s.ledger.Transfer(ctx, p)
}

func (s *Service) PayCleared(ctx context.Context, p Payment) error {
	hit, err := s.sanctions.Screen(ctx, p.Payee)
	// near-miss: an error parks the payment
	if err != nil || hit {
		return s.review.Park(ctx, p)
	}
	return s.ledger.Transfer(ctx, p)
}
