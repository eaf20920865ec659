package web

func (h *Handler) Transfer(w http.ResponseWriter, r *http.Request) {
	var req TransferReq
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		http.Error(w, "body", http.StatusBadRequest)
		return
	}
	// breach: money/unchecked-amount
	h.ledger.Transfer(r.Context(), req.From, req.To, req.AmountMinor)
}

func (h *Handler) Withdraw(w http.ResponseWriter, r *http.Request) {
	var req WithdrawReq
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		http.Error(w, "body", http.StatusBadRequest)
		return
	}
	// near-miss: only positive amounts go on
	if req.AmountMinor <= 0 || req.AmountMinor > maxPerTransaction {
		http.Error(w, "amount", http.StatusUnprocessableEntity)
		return
	}
	h.ledger.Withdraw(r.Context(), req.Account, req.AmountMinor)
}
