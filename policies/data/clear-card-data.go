package cards

func (s *Store) Save(ctx context.Context, customer, cardNo string) error {
	// breach: data/clear-card-data
	_, err := s.db.ExecContext(ctx, "INSERT INTO card (customer, card_no) VALUES ($1, $2)", customer, cardNo)
	return err
}

func (s *Store) SaveToken(ctx context.Context, customer, cardNo string) error {
	token, err := s.vault.Tokenise(ctx, cardNo)
	if err != nil {
		return err
	}
	// near-miss: the token is stored
	_, err = s.db.ExecContext(ctx, "INSERT INTO card (customer, token) VALUES ($1, $2)", customer, token)
	return err
}
