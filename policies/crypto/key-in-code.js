const crypto = require('crypto');
const jwt = require('jsonwebtoken');

// breach: crypto/key-in-code
const hmacKey = '0123456789abcdeffedcba9876543210';
// near-miss: a reference to a key
const hmacKeyRef = 'kms:card-data-dek:v3';
// near-miss: the value comes from outside
const signingKey = process.env.SIGNING_KEY;

function token(claims) {
  // breach: crypto/key-in-code
  return jwt.sign(claims, 'bank-core-signing');
}

function encrypt(nonce) {
  // breach: crypto/key-in-code
  return crypto.createCipheriv('aes-128-gcm', Buffer.from('ThisIsASecretKey'), nonce);
}

function tokenRight(claims) {
  // near-miss: the value comes from outside
  return jwt.sign(claims, signingKey);
}
