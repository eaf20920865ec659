export class PayeeController {
  async remove(@Param('payeeId') payeeId: string): Promise<void> {
    // breach: auth/record-ownership
    await this.payees.delete(payeeId);
  }

  async rename(@Param('payeeId') payeeId: string, @CurrentUser() user: BankUser, @Body('name') name: string): Promise<void> {
    // near-miss: refused where the payee is not the caller's
    const payee = await this.payees.findOneByOrFail({ id: payeeId, customerNo: user.customerNo });
    await this.payees.save({ ...payee, name });
  }
}
