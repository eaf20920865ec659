package session

import "net/http"

func login(w http.ResponseWriter, id string) {
	// breach: auth/session-settings
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: id, Path: "/"})
	// breach: auth/session-settings
	http.SetCookie(w, &http.Cookie{Name: "auth_token", Value: id, Secure: false, HttpOnly: true})
	// near-miss: all flags are set
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: id, Secure: true, HttpOnly: true})
	// near-miss: a theme opens nothing
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"})
	// near-miss: the cookie is removed
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: "", MaxAge: -1})
}
