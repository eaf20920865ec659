package gateway

import (
	"crypto/tls"
	"net/http"
	"time"
)

// Client talks to the clearing house.
func Client(certificate tls.Certificate) *http.Client {
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{
			Certificates: []tls.Certificate{certificate},
			InsecureSkipVerify: true,
		},
	}
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}
