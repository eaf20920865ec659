package web

import (
	"net/http"
)

func first(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// breach: injection/outbound-destination
	http.Get("http://" + name + "/rate")
}

func second(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	_ = name
	// near-miss: the value cannot do harm any more
	http.Get("http://rates/daily")
}
