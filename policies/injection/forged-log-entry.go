package web

import (
	"log"
	"net/http"
	"strconv"
)

func first(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// breach: injection/forged-log-entry
	log.Println("user " + name)
}

func second(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// near-miss: the value cannot do harm any more
	log.Println("user " + strconv.Quote(name))
}
