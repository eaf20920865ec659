package clearing

func (c *Client) SendPayment(ctx context.Context, p Payment) error {
	for attempt := 0; attempt < 5; attempt++ {
		// breach: txn/unsafe-retry
		p.RequestID = uuid.NewString()
		if err := c.gateway.Pay(ctx, p); err == nil {
			return nil
		}
	}
	return ErrUnavailable
}

func (c *Client) SendOnce(ctx context.Context, p Payment) error {
	for attempt := 0; attempt < 5; attempt++ {
		// near-miss: the reference was made by the caller and stays the same
		if err := c.gateway.Pay(ctx, p.Reference, p); err == nil {
			return nil
		}
		time.Sleep(backoff(attempt))
	}
	return ErrUnavailable
}
