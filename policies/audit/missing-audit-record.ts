export class ParameterHandler {
  async changeRate(command: ChangeRate): Promise<void> {
    // breach: audit/missing-audit-record
    await this.rates.update(command.product, command.rate);
  }

  async changeFee(command: ChangeFee, by: BankUser): Promise<void> {
    await this.fees.update(command.product, command.fee);
    // near-miss: a persisted audit event
    await this.auditOutbox.save({ by: by.id, action: 'FEE_CHANGED', product: command.product, fee: command.fee });
  }
}
