import { Column, Entity } from 'typeorm';

@Entity()
export class Posting {
  // breach: money/binary-floating-point
  @Column('double precision') amount: number;
  // near-miss: minor units
  @Column('bigint') feeMinor: bigint;
  // near-miss: a fixed-point column
  @Column({ type: 'decimal', precision: 18, scale: 2 }) balance: string;
  // near-miss: a share of work done
  @Column('float') progress: number;

  accrue(days: number): void {
    // breach: money/binary-floating-point
    const interestRate: number = 0.035;
    // near-miss: opacity of the price tag
    const priceOpacity = 0.5;
    // breach: money/binary-floating-point
    this.amount += this.fee * 1.19;
  }

  private fee = 0;
}
