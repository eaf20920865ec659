package clearing

func outcome(reply PaymentReply) Status {
	if reply.Code == "51" || reply.Code == "05" {
		return StatusDeclined
	}
	// breach: api/unknown-response-code
	return StatusSuccess
}

func listedOutcome(reply PaymentReply) Status {
	switch reply.Code {
	case "00":
		return StatusSuccess
	case "51", "05":
		return StatusDeclined
	}
	// near-miss: unlisted is unknown
	return StatusUnknown
}
