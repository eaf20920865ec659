const crypto = require('crypto');

const IV = Buffer.from('1234567890123456');

function encrypt(key, message) {
  // breach: crypto/fixed-nonce
  const cipher = crypto.createCipheriv('aes-256-cbc', key, IV);
  // breach: crypto/fixed-nonce
  const zeros = crypto.createCipheriv('aes-256-cbc', key, Buffer.alloc(16, 0));
  return cipher.update(message);
}

function encryptRight(key, message) {
  const nonce = crypto.randomBytes(12);
  // near-miss: a fresh nonce
  const cipher = crypto.createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(message)]);
}

function decrypt(key, envelope) {
  const nonce = Buffer.alloc(12);
  envelope.copy(nonce, 0, 0, 12);
  // near-miss: the nonce comes with the message
  return crypto.createCipheriv('aes-256-ctr', key, nonce).update(envelope);
}

function derive(password, salt) {
  // breach: crypto/fixed-nonce
  const fixed = crypto.scryptSync(password, 'clearing', 32);
  // near-miss: a salt of the caller
  return crypto.scryptSync(password, salt, 32);
}
