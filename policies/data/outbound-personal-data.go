package crm

func (c *Client) Export(ctx context.Context, customer Customer) error {
	body := map[string]string{"name": customer.FullName, "mobile": customer.Mobile, "account_no": customer.AccountNo}
	// breach: data/outbound-personal-data
	return c.http.PostJSON(ctx, "https://crm.example.com/contacts", body)
}

func (c *Client) ExportWithConsent(ctx context.Context, customer Customer) error {
	if !c.consents.Allows(ctx, customer.ID, "marketing", "crm-partner") {
		return ErrNoConsent
	}
	// near-miss: consent first, and the agreed two fields
	return c.http.PostJSON(ctx, c.partnerURL, map[string]string{"ref": customer.Token, "mobile": customer.Mobile})
}
