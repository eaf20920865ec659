package web

func (h *Handler) RaiseLimit(w http.ResponseWriter, r *http.Request) {
	// breach: audit/missing-audit-record
	h.limits.Update(r.Context(), chi.URLParam(r, "customer"), r.FormValue("limit"))
}

func (h *Handler) WaiveFee(w http.ResponseWriter, r *http.Request) {
	user := auth.UserFrom(r.Context())
	h.fees.Waive(r.Context(), chi.URLParam(r, "fee"))
	// near-miss: recorded with the user
	h.audit.Record(r.Context(), user, "FEE_WAIVED", chi.URLParam(r, "fee"))
}
