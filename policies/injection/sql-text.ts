import { Pool } from 'pg';

export class AcctDao {
  constructor(private readonly pool: Pool) {}

  async byNumber(req: Request) {
    // breach: injection/sql-text
    return this.pool.query(`SELECT bal FROM acct WHERE no = '${req.query.no}'`);
  }

  async unsafe(owner: string) {
    // breach: injection/sql-text
    return this.prisma.$queryRawUnsafe("SELECT no FROM acct WHERE owner = '" + owner + "'");
  }

  async right(req: Request) {
    // near-miss: the value is bound
    return this.pool.query('SELECT bal FROM acct WHERE no = $1', [req.query.no]);
  }

  async tagged(owner: string) {
    // near-miss: the tag binds the value
    return this.prisma.$queryRaw`SELECT no FROM acct WHERE owner = ${owner}`;
  }

  async page(limit: number) {
    // near-miss: a number carries no statement
    return this.pool.query(`SELECT no FROM acct LIMIT ${limit}`);
  }
}
