export class PostingService {
  async credit(acct: Account, amount: Decimal): Promise<void> {
    try {
      await this.ledger.credit(acct, amount);
    // breach: error/swallowed-exception
    } catch {
      // never mind
    }
    // breach: error/swallowed-exception
    await this.payments.settle(acct.id).catch(() => undefined);
  }

  async translated(acct: Account, amount: Decimal): Promise<void> {
    try {
      await this.ledger.credit(acct, amount);
    // near-miss: translated with its cause
    } catch (e) {
      throw new PostingError(acct.id, { cause: e });
    }
    // near-miss: the failure is counted and thrown
    await this.payments.settle(acct.id).catch((e) => { throw new PostingError(acct.id, { cause: e }); });
  }
}
