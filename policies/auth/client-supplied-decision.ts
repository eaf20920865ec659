export class DiscountController {
  async apply(req: Request): Promise<void> {
    // breach: auth/client-supplied-decision
    const fee = req.body.discount ? new Big(req.body.fee).times(0.5) : new Big(req.body.fee);
    await this.ledger.debit(req.user.account, fee);
  }

  async applyTariff(req: Request): Promise<void> {
    // near-miss: what the customer may have is looked up
    const fee = (await this.discounts.granted(req.user.id, req.body.discountCode)) ? this.tariff.reduced : this.tariff.fee;
    await this.ledger.debit(req.user.account, fee);
  }
}
