package inbound

// pain.001
func (i *Inbound) Receive(ctx context.Context, body []byte) error {
	var document Pain001
	if err := xml.Unmarshal(body, &document); err != nil {
		return err
	}
	for _, transfer := range document.Transfers {
		// breach: api/iso20022-checks
		if err := i.payments.Create(ctx, transfer); err != nil {
			return err
		}
	}
	return nil
}

func (i *Inbound) ReceiveChecked(ctx context.Context, body []byte) error {
	document, err := i.schema.ParseValid(body)
	if err != nil {
		return err
	}
	if document.CtrlSum != document.Sum() || document.NbOfTxs != len(document.Transfers) {
		return ErrTotals
	}
	// near-miss: MsgId is unique in the table; schema and totals were checked
	return i.payments.CreateOnce(ctx, document.MsgId, document.Transfers)
}
