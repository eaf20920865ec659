package cards

func VerifyPIN(pinBlock []byte, pan string, want string) bool {
	clear := make([]byte, 8)
	// breach: data/clear-pin
	block.Decrypt(clear, pinBlock)
	return formatPIN(clear, pan) == want
}

func VerifyPINByHSM(hsm HSM, pinBlock []byte, pan, pvv string) bool {
	// near-miss: the HSM decides
	return hsm.VerifyPINBlock(pinBlock, pan, pvv) == Approved
}
