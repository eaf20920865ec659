package card

import (
	"crypto/aes"
	"crypto/cipher"
	"os"
)

// breach: crypto/key-in-code
const hmacKey = "0123456789abcdeffedcba9876543210"

// near-miss: a reference to a key
const hmacKeyRef = "kms:card-data-dek:v3"

func literal() (cipher.Block, error) {
	// breach: crypto/key-in-code
	return aes.NewCipher([]byte("ThisIsASecretKey"))
}

func sign(token *jwt.Token) (string, error) {
	// breach: crypto/key-in-code
	return token.SignedString([]byte("bank-core-signing"))
}

func wrapped(material []byte) (cipher.Block, error) {
	// near-miss: the bytes come from the caller
	return aes.NewCipher(material)
}

func environment() (cipher.Block, error) {
	// near-miss: the value comes from outside
	return aes.NewCipher([]byte(os.Getenv("SM4_KEY")))
}
