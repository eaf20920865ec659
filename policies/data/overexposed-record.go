package web

func (h *Handler) Customer(w http.ResponseWriter, r *http.Request) {
	customer := h.repo.Customer(r.Context(), chi.URLParam(r, "id"))
	// breach: data/overexposed-record
	json.NewEncoder(w).Encode(customer)
}

func (h *Handler) CustomerName(w http.ResponseWriter, r *http.Request) {
	customer := h.repo.Customer(r.Context(), chi.URLParam(r, "id"))
	// near-miss: only the name to greet with
	json.NewEncoder(w).Encode(map[string]string{"name": customer.FirstName})
}
