package web

func (h *Handler) Override(w http.ResponseWriter, r *http.Request) {
	// breach: auth/client-supplied-decision
	if r.Header.Get("X-Role") != "supervisor" {
		http.Error(w, "role", http.StatusForbidden)
		return
	}
	h.loans.OverrideRate(r.Context(), chi.URLParam(r, "id"))
}

func (h *Handler) OverrideAs(w http.ResponseWriter, r *http.Request) {
	// near-miss: the role is the session's; the header only names the branch to show
	if !auth.UserFrom(r.Context()).HasRole("supervisor") {
		http.Error(w, "role for branch "+r.Header.Get("X-Branch"), http.StatusForbidden)
		return
	}
	h.loans.OverrideRate(r.Context(), chi.URLParam(r, "id"))
}
