@Entity()
class Account {
  @Column() balance: string;
}

export class OpenAccount {
  productCode: string;
}

@Controller('accounts')
export class AccountController {
  @Post()
  // breach: auth/entity-binding
  open(@Body() account: Account) {
    return this.accounts.save(account);
  }

  @Post('command')
  // near-miss: a command lists what may be sent
  openBy(@Body() command: OpenAccount) {
    return this.service.open(command);
  }

  @Put(':id')
  async change(@Req() req: Request, @Param('id') id: string) {
    // breach: auth/entity-binding
    await Account.update(req.body, { where: { id } });
    // breach: auth/entity-binding
    await this.prisma.account.update({ where: { id }, data: req.body });
    // near-miss: one field
    await Account.update({ nickname: req.body.nickname }, { where: { id } });
  }
}
