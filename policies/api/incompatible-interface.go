// stands-for: internal/api/payment.go
package api

type PaymentRequest struct {
	Payer string `json:"payer" validate:"required"`
	// breach: api/incompatible-interface
	Purpose string `json:"purpose" validate:"required"`
}

type PaymentEvent struct {
	ID string `json:"id"`
	// near-miss: optional
	Channel *string `json:"channel,omitempty"`
}
