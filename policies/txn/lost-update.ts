export class AccountStore {
  async withdraw(id: string, amount: bigint): Promise<void> {
    const account = await this.accounts.findOneByOrFail({ id });
    // breach: txn/lost-update
    account.balance = account.balance - amount;
    await this.accounts.save(account);
  }

  async debit(id: string, amount: bigint, manager: EntityManager): Promise<void> {
    const account = await manager.findOneOrFail(Account, { where: { id }, lock: { mode: 'pessimistic_write' } });
    // near-miss: locked by the read
    account.balance = account.balance - amount;
    await manager.save(account);
  }
}
