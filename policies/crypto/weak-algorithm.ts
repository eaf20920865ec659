import { createHash, createCipheriv, createSign } from 'crypto';

export class MessageProtector {
  digest(message: Buffer): string {
    // breach: crypto/weak-algorithm
    const legacy = createHash('sha1').update(message).digest('hex');
    // near-miss: a strong digest
    return createHash('sha384').update(message).digest('hex');
  }

  sign(message: Buffer, key: string): Buffer {
    // breach: crypto/weak-algorithm
    const signer = createSign('RSA-SHA1');
    // near-miss: a strong signature
    const strong = createSign('RSA-SHA256');
    return strong.update(message).sign(key);
  }

  encrypt(key: Buffer, iv: Buffer): void {
    // breach: crypto/weak-algorithm
    createCipheriv('rc4', key, null);
    // near-miss: a strong cipher
    createCipheriv('aes-256-gcm', key, iv);
  }

  cacheKey(query: string): string {
    // near-miss: a key of a cache
    return createHash('md5').update(query).digest('hex');
  }
}
