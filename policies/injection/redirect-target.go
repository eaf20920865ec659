package web

import (
	"net/http"
)

func first(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// breach: injection/redirect-target
	http.Redirect(w, r, name, 302)
}

func second(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	_ = name
	// near-miss: the value cannot do harm any more
	http.Redirect(w, r, "/pay", 302)
}
