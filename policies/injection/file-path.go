package web

import (
	"net/http"
	"os"
	"path/filepath"
)

func first(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// breach: injection/file-path
	os.Open("/statements/" + name)
}

func second(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// near-miss: the value cannot do harm any more
	os.Open("/statements/" + filepath.Base(name))
}
