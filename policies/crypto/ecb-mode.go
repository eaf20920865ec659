package card

import (
	"crypto/aes"
	"crypto/cipher"
)

func encrypt(key, pan []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(pan))
	for i := 0; i < len(pan); i += aes.BlockSize {
		// breach: crypto/ecb-mode
		block.Encrypt(out[i:], pan[i:])
	}
	return out, nil
}

func encryptByMode(key, pan, out []byte) {
	block, _ := aes.NewCipher(key)
	// breach: crypto/ecb-mode
	mode := NewECBEncrypter(block)
	mode.CryptBlocks(out, pan)
}

func keyCheckValue(key []byte) []byte {
	block, _ := aes.NewCipher(key)
	out := make([]byte, aes.BlockSize)
	// near-miss: one block, for a key check value
	block.Encrypt(out, make([]byte, aes.BlockSize))
	return out[:3]
}

func seal(key, nonce, pan []byte) []byte {
	block, _ := aes.NewCipher(key)
	// near-miss: an authenticated mode
	aead, _ := cipher.NewGCM(block)
	return aead.Seal(nil, nonce, pan, nil)
}
