package payment

import (
	"crypto/cipher"
	"crypto/rand"
	"io"
)

func seal(aead cipher.AEAD, message []byte) []byte {
	nonce := make([]byte, 12)
	// breach: crypto/fixed-nonce
	return aead.Seal(nil, nonce, message, nil)
}

func chain(block cipher.Block, message []byte) {
	// breach: crypto/fixed-nonce
	mode := cipher.NewCBCEncrypter(block, []byte("1234567890123456"))
	mode.CryptBlocks(message, message)
}

func sealRight(aead cipher.AEAD, message []byte) ([]byte, error) {
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return nil, err
	}
	// near-miss: the nonce is filled
	return aead.Seal(nonce, nonce, message, nil), nil
}

func sealCounted(aead cipher.AEAD, counter uint64, message []byte) []byte {
	nonce := make([]byte, 12)
	binary.BigEndian.PutUint64(nonce[4:], counter)
	// near-miss: a managed counter
	return aead.Seal(nil, nonce, message, nil)
}

func sealGiven(aead cipher.AEAD, nonce, message []byte) []byte {
	// near-miss: a nonce of the caller
	return aead.Seal(nil, nonce, message, nil)
}
