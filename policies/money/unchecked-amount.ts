export class PaymentController {
  async pay(@Body() body: PaymentBody): Promise<void> {
    // breach: money/unchecked-amount
    await this.ledger.debit(body.account, BigInt(body.amountMinor));
  }

  async collect(@Body() body: CollectBody): Promise<void> {
    // near-miss: the schema asks for a positive whole number
    const { account, amountMinor } = z.object({ account: z.string(), amountMinor: z.number().int().positive() }).parse(body);
    await this.ledger.debit(account, BigInt(amountMinor));
  }
}
