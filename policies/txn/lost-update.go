package account

func (s *Store) Withdraw(ctx context.Context, id string, amount int64) error {
	var balance int64
	if err := s.db.QueryRowContext(ctx, "SELECT balance FROM account WHERE id = $1", id).Scan(&balance); err != nil {
		return err
	}
	// breach: txn/lost-update
	_, err := s.db.ExecContext(ctx, "UPDATE account SET balance = $1 WHERE id = $2", balance-amount, id)
	return err
}

func (s *Store) Debit(ctx context.Context, tx *sql.Tx, id string, amount int64) error {
	var balance int64
	if err := tx.QueryRowContext(ctx, "SELECT balance FROM account WHERE id = $1 FOR UPDATE", id).Scan(&balance); err != nil {
		return err
	}
	// near-miss: the read locks the row
	_, err := tx.ExecContext(ctx, "UPDATE account SET balance = $1 WHERE id = $2", balance-amount, id)
	return err
}
