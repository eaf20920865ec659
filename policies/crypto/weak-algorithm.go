package payment

import (
	"crypto/des"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
)

func sign(params, secret string) string {
	// breach: crypto/weak-algorithm
	sum := md5.Sum([]byte(params + secret))
	return fmt.Sprintf("%x", sum)
}

func digest(message []byte) []byte {
	// breach: crypto/weak-algorithm
	h := sha1.New()
	h.Write(message)
	// near-miss: a strong digest
	strong := sha256.New()
	strong.Write(message)
	return h.Sum(nil)
}

func encryptPin(key, block []byte) {
	// breach: crypto/weak-algorithm
	c, err := des.NewTripleDESCipher(key)
	if err != nil {
		// near-miss: an error text
		fmt.Println("des.NewCipher failed, md5.New too")
	}
	c.Encrypt(block, block)
}

func authenticate(key, message []byte) []byte {
	// near-miss: HMAC with a strong digest
	mac := hmac.New(sha256.New, key)
	mac.Write(message)
	return mac.Sum(nil)
}

func etag(page []byte) string {
	// near-miss: an entity tag guards against accident only
	return fmt.Sprintf("%x", md5.Sum(page))
}
