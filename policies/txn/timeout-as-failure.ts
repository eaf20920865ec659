export class Remittances {
  async remit(remittance: Remittance): Promise<void> {
    try {
      await this.swiftClient.send(remittance);
    } catch {
      // breach: txn/timeout-as-failure
      await this.remittances.setStatus(remittance.id, 'REJECTED');
    }
  }

  async remitSafely(remittance: Remittance): Promise<void> {
    try {
      await this.swiftClient.send(remittance);
    } catch {
      // near-miss: pending until the acknowledgement or a reconciliation; never rejected here
      await this.remittances.setStatus(remittance.id, 'PENDING_ACK');
    }
  }
}
