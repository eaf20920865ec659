package payment

func (s *Service) Approve(ctx context.Context, id string) error {
	if _, err := s.db.ExecContext(ctx, "UPDATE payment SET status = 'APPROVED' WHERE id = $1", id); err != nil {
		return err
	}
	// breach: txn/message-without-outbox
	return s.producer.Publish(ctx, "payment-approved", id)
}

func (s *Service) Relay(ctx context.Context, event StoredEvent) error {
	// near-miss: the relay itself: sends what was stored, then marks it
	if err := s.producer.Publish(ctx, event.Topic, event.Body); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, "UPDATE outbox SET sent_at = now() WHERE id = $1", event.ID)
	return err
}
