export class PayoutRun {
  async run(batch: string): Promise<void> {
    // breach: concurrency/unsafe-distributed-lock
    const got = await this.redis.setnx(`payout:${batch}`, '1');
    if (got) await this.payOut(batch);
  }

  async runGuarded(batch: string): Promise<void> {
    const lock = await this.redlock.acquire([`payout:${batch}`], 60_000);
    // near-miss: the conditional update lets one through
    if (await this.batches.markPaying(batch)) await this.payOut(batch);
    await lock.release();
  }
}
