package limits

func (s *Service) Change(ctx context.Context, user User, customer string, limit int64) error {
	// breach: audit/incomplete-audit-record
	return s.audit.Record(ctx, "limit changed")
}

func (s *Service) ChangeNamed(ctx context.Context, user User, customer string, old, limit int64) error {
	// near-miss: everything is named
	return s.audit.Record(ctx, AuditEvent{Actor: user.ID, Action: "LIMIT", Object: customer, Before: old, After: limit})
}
