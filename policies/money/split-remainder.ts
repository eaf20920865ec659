export function splitAmount(amount: bigint, shares: bigint[]): bigint[] {
  const whole = shares.reduce((a, b) => a + b, 0n);
  // breach: money/split-remainder
  return shares.map((share) => (amount * share) / whole);
}

export function allocateAmount(amount: bigint, shares: bigint[]): bigint[] {
  const whole = shares.reduce((a, b) => a + b, 0n);
  const parts = shares.map((share) => (amount * share) / whole);
  // near-miss: the remainder goes to the first part
  parts[0] += amount - parts.reduce((a, b) => a + b, 0n);
  return parts;
}
