package sign

import "github.com/tjfoc/gmsm/sm2"

func SignOrder(key *rsa.PrivateKey, order []byte) ([]byte, error) {
	digest := sha512.Sum512(order)
	// breach: crypto/international-algorithm
	return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA512, digest[:])
}

func FileName(content []byte) string {
	// near-miss: names a file
	return hex.EncodeToString(sha256.New().Sum(content))
}
