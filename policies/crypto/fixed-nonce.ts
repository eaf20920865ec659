import { createCipheriv, pbkdf2Sync, randomBytes } from 'crypto';

export class MessageCipher {
  encrypt(key: Buffer, message: Buffer): Buffer {
    const iv = Buffer.alloc(16);
    // breach: crypto/fixed-nonce
    return createCipheriv('aes-256-cbc', key, iv).update(message);
  }

  encryptRight(key: Buffer, message: Buffer): Buffer {
    const iv = randomBytes(16);
    // near-miss: a fresh vector
    return createCipheriv('aes-256-cbc', key, iv).update(message);
  }

  derive(password: string, salt: Buffer): Buffer {
    // breach: crypto/fixed-nonce
    const fixed = pbkdf2Sync(password, 'clearing', 600000, 32, 'sha256');
    // near-miss: a salt of the caller
    return pbkdf2Sync(password, salt, 600000, 32, 'sha256');
  }
}
