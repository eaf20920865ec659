package payment

func (s *Service) Approve(ctx context.Context, req ApproveRequest) error {
	// breach: auth/maker-checker
	return s.repo.UpdateStatus(ctx, req.PaymentID, StatusApproved, req.ApproverID)
}

func (s *Service) ApproveAs(ctx context.Context, paymentID string) error {
	checker := auth.UserFrom(ctx)
	payment, err := s.repo.Lock(ctx, paymentID)
	if err != nil {
		return err
	}
	// near-miss: the maker is refused
	if payment.Maker == checker.ID {
		return ErrSelfApproval
	}
	return s.repo.UpdateStatus(ctx, paymentID, StatusApproved, checker.ID)
}
