package payment

func (s *Service) Confirm(ctx context.Context, req ConfirmRequest) error {
	// breach: auth/unbound-approval
	otp, err := s.rdb.Get(ctx, "otp:"+req.Phone).Result()
	if err != nil || otp != req.OTP {
		return ErrWrongCode
	}
	return s.ledger.Transfer(ctx, req.Payer, req.Payee, req.AmountMinor)
}

func (s *Service) ConfirmPending(ctx context.Context, pending Pending, otp string) error {
	// near-miss: bound to the pending transfer, one use, three attempts
	if err := s.otp.VerifyAndConsume(ctx, pending.ID, pending.ContentHash(), otp, 3); err != nil {
		return err
	}
	return s.ledger.Transfer(ctx, pending.Payer, pending.Payee, pending.AmountMinor)
}
