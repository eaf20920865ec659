package callback

func (h *Handler) Receive(body []byte, mac string) error {
	sum := hmac.New(sha256.New, h.key)
	sum.Write(body)
	// breach: crypto/late-mac-check
	if hex.EncodeToString(sum.Sum(nil)) != mac {
		return ErrRejected
	}
	return h.payments.Confirm(parse(body))
}

func (h *Handler) ReceiveConstantTime(body, mac []byte) error {
	sum := hmac.New(sha256.New, h.key)
	sum.Write(body)
	// near-miss: compared in constant time, before anything else
	if !hmac.Equal(sum.Sum(nil), mac) {
		return ErrRejected
	}
	return h.payments.Confirm(parse(body))
}
