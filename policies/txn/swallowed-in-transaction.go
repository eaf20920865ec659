package settlement

func settle(ctx context.Context, db *sql.DB, b Batch) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, "UPDATE acct SET bal = bal - $1 WHERE id = $2", b.Amount, b.Payer)
	// breach: txn/swallowed-in-transaction
	if err != nil {
		log.Printf("debit failed: %v", err)
	}
	// breach: txn/swallowed-in-transaction
	tx.ExecContext(ctx, "INSERT INTO entry (acct, amount) VALUES ($1, $2)", b.Payer, b.Amount)
	// near-miss: returned before the commit
	if _, err := tx.ExecContext(ctx, "UPDATE acct SET bal = bal + $1 WHERE id = $2", b.Amount, b.Payee); err != nil {
		return fmt.Errorf("credit: %w", err)
	}
	return tx.Commit()
}

func note(ctx context.Context, db *sql.DB, b Batch) {
	_, err := db.ExecContext(ctx, "INSERT INTO visit (batch) VALUES ($1)", b.ID)
	// near-miss: no transaction here
	if err != nil {
		log.Printf("visit failed: %v", err)
	}
}
