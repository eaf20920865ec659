package ledger

func (l *Ledger) Transfer(ctx context.Context, from, to string, amount int64) error {
	if err := l.insertEntry(ctx, from, "D", amount); err != nil {
		return err
	}
	// breach: txn/unbalanced-posting
	return l.insertEntry(ctx, to, "C", amount)
}

func (l *Ledger) TransferTx(ctx context.Context, from, to string, amount int64) error {
	return l.inTx(ctx, func(tx *sql.Tx) error {
		if err := insertEntry(tx, from, "D", amount); err != nil {
			return err
		}
		// near-miss: one transaction around both legs
		return insertEntry(tx, to, "C", amount)
	})
}
