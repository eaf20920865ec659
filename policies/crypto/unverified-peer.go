package clearing

import (
	"crypto/tls"
	"net/http"
)

func open() *http.Client {
	// breach: crypto/unverified-peer
	tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	return &http.Client{Transport: tr}
}

func openRight() *http.Client {
	// near-miss: the bank's roots decide
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: bankRoots, MinVersion: tls.VersionTLS12}}
	return &http.Client{Transport: tr}
}

func weaken(config *tls.Config) {
	// breach: crypto/unverified-peer
	config.InsecureSkipVerify = true
}

func strengthen(config *tls.Config) {
	// near-miss: switched off
	config.InsecureSkipVerify = false
}

func pinned() *tls.Config {
	return &tls.Config{
		// near-miss: the connection is verified by hand
		InsecureSkipVerify: true,
		VerifyConnection:   verifyPinned,
	}
}
