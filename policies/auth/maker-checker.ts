export class MandateApproval {
  async approve(mandate: Mandate, approver: string): Promise<void> {
    // breach: auth/maker-checker
    mandate.approvedBy = approver;
    mandate.status = 'APPROVED';
    await this.mandates.save(mandate);
  }

  async approveAs(mandate: Mandate, user: BankUser): Promise<void> {
    // near-miss: not by the maker
    if (mandate.maker === user.id) throw new ForbiddenException('own mandate');
    mandate.approvedBy = user.id;
    mandate.status = 'APPROVED';
    await this.mandates.save(mandate);
  }
}
