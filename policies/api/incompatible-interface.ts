// stands-for: src/api/payment.ts
export interface PaymentRequest {
  payer: string;
  // breach: api/incompatible-interface
  amount: number;
}

export interface PaymentEvent {
  id: string;
  // near-miss: optional
  channel?: string;
}
