export class Mandates {
  async revoke(mandate: Mandate): Promise<void> {
    await this.mandateRepository.update(mandate.id, { status: 'REVOKED', payment: null });
    // breach: txn/message-without-outbox
    await this.eventBus.publish(new MandateRevoked(mandate.id));
  }

  async grant(mandate: Mandate): Promise<void> {
    // near-miss: the cache only answers reads
    await this.mandateRepository.save(mandate);
    await this.cacheChannel.publish('mandate-changed', mandate.id);
  }
}
