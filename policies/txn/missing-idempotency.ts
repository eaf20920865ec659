export class PaymentConsumer {
  async handlePayment(message: PaymentMessage): Promise<void> {
    // breach: txn/missing-idempotency
    await this.ledger.debit(message.account, message.amount);
  }

  async handleTransfer(message: TransferMessage): Promise<void> {
    await this.db.transaction(async (tx) => {
      // near-miss: a duplicate key ends the repeat
      await tx.insert('processed_message', { id: message.id });
      await this.ledger.transfer(message.from, message.to, message.amount);
    });
  }
}
