export class LimitChange {
  async confirm(user: BankUser, body: ConfirmBody): Promise<void> {
    // breach: auth/unbound-approval
    if ((await this.codes.get(user.phone)) !== body.smsCode) throw new ForbiddenException();
    await this.limits.change(user.customerNo, body.limit);
  }

  async confirmPending(pending: PendingChange, smsCode: string): Promise<void> {
    // near-miss: consumed for this change only
    if (!(await this.codes.consume(pending.id, pending.contentHash, smsCode))) throw new ForbiddenException();
    await this.limits.change(pending.customerNo, pending.limit);
  }
}
