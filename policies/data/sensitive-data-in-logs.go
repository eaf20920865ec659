package card

import (
	"fmt"
	"log"
	"log/slog"
)

func Authorise(req *AuthRequest, cvv, password string) error {
	// breach: data/sensitive-data-in-logs
	log.Printf("authorise %s", req.CardNo)
	// near-miss: masked
	log.Printf("authorise %s", maskPAN(req.CardNo))
	// breach: data/sensitive-data-in-logs
	slog.Info("authorise", "cvv", cvv)
	// near-miss: how long it is
	slog.Info("authorise", "length", len(password))
	// near-miss: whether it is there
	slog.Info("authorise", "given", password != "")
	// breach: data/sensitive-data-in-logs
	return fmt.Errorf("login with %q failed", password)
}
