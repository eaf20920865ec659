package otp

import (
	"fmt"
	"math/rand"
	"time"
)

func sendChallenge() string {
	// breach: crypto/weak-random
	otp := fmt.Sprintf("%06d", rand.Intn(1000000))
	return otp
}

func newSessionToken() string {
	r := rand.New(rand.NewSource(time.Now().UnixNano()))
	b := make([]byte, 32)
	for i := range b {
		// breach: crypto/weak-random
		b[i] = alphabet[r.Intn(len(alphabet))]
	}
	return string(b)
}

func newSalt() []byte {
	salt := make([]byte, 16)
	// breach: crypto/weak-random
	rand.Read(salt)
	return salt
}

func backoff() time.Duration {
	// near-miss: jitter of a retry
	jitter := time.Duration(rand.Intn(50)) * time.Millisecond
	return jitter
}

func pick(hosts []string) string {
	// near-miss: a choice among servers
	return hosts[rand.Intn(len(hosts))]
}
