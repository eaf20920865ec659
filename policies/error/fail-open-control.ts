export class Gate {
  async release(payment: Payment): Promise<void> {
    // breach: error/fail-open-control
    const result = await this.riskClient.check(payment).catch(() => ({ blocked: false }));
    if (!result.blocked) await this.ledger.transfer(payment);
    else throw new ForbiddenException();
  }

  async releaseChecked(payment: Payment): Promise<void> {
    // near-miss: blocked where the check fails
    const result = await this.riskClient.check(payment).catch(() => ({ blocked: true }));
    if (!result.blocked) await this.ledger.transfer(payment);
    else throw new ForbiddenException();
  }
}
