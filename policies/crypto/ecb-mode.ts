import { createCipheriv, createDecipheriv } from 'crypto';

const ALGORITHM = 'sm4-ecb';

export class CardDataCipher {
  encrypt(key: Buffer, nonce: Buffer, pan: string): Buffer {
    // breach: crypto/ecb-mode
    const cipher = createCipheriv(ALGORITHM, key, null);
    // near-miss: an authenticated mode
    const gcm = createCipheriv('aes-256-gcm', key, nonce);
    return gcm.update(pan);
  }

  decrypt(key: Buffer, pan: string): Buffer {
    // breach: crypto/ecb-mode
    return createDecipheriv('aes-128-ecb', key, '').update(pan);
  }

  describe(): string {
    // near-miss: a text about it
    return 'aes-256-ecb is refused';
  }
}
