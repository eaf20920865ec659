export class LoanController {
  async show(req: Request, res: Response): Promise<void> {
    // breach: data/overexposed-record
    res.json(await this.loanRepository.findOneBy({ id: req.params.id }));
  }

  async dueDate(req: Request, res: Response): Promise<void> {
    const loan = await this.loanRepository.findOneBy({ id: req.params.id });
    // near-miss: one field of the loan
    res.json({ due: loan.dueDate });
  }
}
