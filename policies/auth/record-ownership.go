package web

func (h *Handler) Loan(w http.ResponseWriter, r *http.Request) {
	// breach: auth/record-ownership
	loan, err := h.repo.Loan(r.Context(), chi.URLParam(r, "loanID"))
	respond(w, loan, err)
}

func (h *Handler) MyLoan(w http.ResponseWriter, r *http.Request) {
	user := auth.UserFrom(r.Context())
	// near-miss: the owner is part of the look-up
	loan, err := h.repo.LoanOf(r.Context(), user.CustomerNo, chi.URLParam(r, "loanID"))
	respond(w, loan, err)
}
