package payment

func reserve(ctx context.Context, tx *sql.Tx, id int64, amount int64) error {
	// breach: txn/unchecked-row-count
	_, err := tx.ExecContext(ctx,
		"UPDATE acct SET balance = balance - $1 WHERE acct_id = $2 AND balance >= $1", amount, id)
	if err != nil {
		return err
	}
	// breach: txn/unchecked-row-count
	if _, err := tx.Exec(`UPDATE payment SET status = 'SENT' WHERE id = $1 AND status = 'APPROVED'`, id); err != nil {
		return err
	}
	// near-miss: the count is compared
	res, err := tx.ExecContext(ctx,
		"UPDATE acct SET balance = balance - $1 WHERE acct_id = $2 AND balance >= $1", amount, id)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrInsufficientFunds
	}
	// near-miss: no business condition
	_, err = tx.ExecContext(ctx, "UPDATE payment SET label = $1 WHERE id = $2", "x", id)
	return err
}
