import * as jwt from 'jsonwebtoken';

export const settings = {
  // breach: crypto/key-in-code
  jwtSecret: process.env.JWT_SECRET || 'q8Zr2vL0pXw5TnB',
  // near-miss: a reference to a key
  jwtSecretRef: 'vault:secret/bank/jwt#3',
};

export class Tokens {
  constructor(private readonly signingKey: string) {}

  sign(claims: object): string {
    // breach: crypto/key-in-code
    return jwt.sign(claims, 'bank-core-signing', { expiresIn: '5m' });
  }

  signRight(claims: object): string {
    // near-miss: the key comes from the caller
    return jwt.sign(claims, this.signingKey);
  }
}
