export class Captures {
  async capture(payment: Payment): Promise<void> {
    try {
      // breach: txn/unsafe-retry
      await this.acquirer.capture(payment.id, payment.amount);
    } catch {
      return this.capture(payment); // retry
    }
  }

  async captureOnce(payment: Payment): Promise<void> {
    const key = payment.captureKey;
    // near-miss: one key, three attempts
    await retry(() => this.acquirer.capture(payment.id, payment.amount, key), { retries: 3, factor: 2 });
  }
}
