package refund

func (s *Service) Refund(ctx context.Context, req RefundRequest) error {
	// breach: txn/unlinked-reversal
	return s.ledger.Credit(ctx, req.Account, req.AmountMinor)
}

func (s *Service) RefundPart(ctx context.Context, tx *sql.Tx, req RefundRequest) error {
	result, err := tx.ExecContext(ctx, "UPDATE payment SET refunded = refunded + $1 WHERE id = $2 AND refunded + $1 <= amount", req.AmountMinor, req.OriginalID)
	// near-miss: one row only where enough is left
	if err != nil || affected(result) != 1 {
		return ErrRefundRefused
	}
	return s.ledger.Contra(ctx, tx, req.OriginalID, req.AmountMinor)
}
