package clearing

func (s *Sender) Send(ctx context.Context, p *Payment) error {
	if err := s.client.SubmitPayment(ctx, p); errors.Is(err, context.DeadlineExceeded) {
		// breach: txn/timeout-as-failure
		p.Status = StatusFailed
		return s.holds.Release(ctx, p.HoldID)
	}
	p.Status = StatusSent
	return nil
}

func (s *Sender) SendSafely(ctx context.Context, p *Payment) error {
	err := s.client.SubmitPayment(ctx, p)
	if errors.Is(err, ErrRefusedByPartner) {
		p.Status = StatusRejected
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		// near-miss: unknown, not failed
		p.Status = StatusUnknown
		return s.enquiries.Schedule(ctx, p.Reference)
	}
	p.Status = StatusSent
	return nil
}
