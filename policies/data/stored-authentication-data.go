package card

import "gorm.io/gorm"

type CardPayment struct {
	gorm.Model
	CardToken string
	// breach: data/stored-authentication-data
	Cvv string
	// near-miss: lives in memory only
	PinBlock string `gorm:"-"`
	// near-miss: the outcome of the check
	CvvResult string
}

type TerminalMessage struct {
	Stan string `db:"stan"`
	// breach: data/stored-authentication-data
	Track2Data string `db:"track2_data"`
}

type AuthorisationRequest struct {
	// near-miss: a request, not a row
	Cvv string `json:"cvv"`
}
