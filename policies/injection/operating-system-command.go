package web

import (
	"net/http"
	"os/exec"
)

func first(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	// breach: injection/operating-system-command
	exec.Command("sh", "-c", "report "+name).Run()
}

func second(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	_ = name
	// near-miss: the value cannot do harm any more
	exec.Command("sh", "-c", "report daily").Run()
}
