const crypto = require('crypto');
const CryptoJS = require('crypto-js');

const DIGEST = 'md5';

function sign(params, secret) {
  // breach: crypto/weak-algorithm
  const legacy = crypto.createHash(DIGEST).update(params + secret).digest('hex');
  // breach: crypto/weak-algorithm
  const other = CryptoJS.SHA1(params + secret).toString();
  // near-miss: a strong digest
  const strong = crypto.createHash('sha256').update(params).digest('hex');
  // near-miss: HMAC with a strong digest
  return crypto.createHmac('sha256', secret).update(params).digest('hex');
}

function encrypt(key, iv, message) {
  // breach: crypto/weak-algorithm
  const cipher = crypto.createCipheriv('des-ede3-cbc', key, iv);
  // near-miss: an authenticated mode of AES
  const aes = crypto.createCipheriv('aes-256-gcm', key, iv);
  // near-miss: a text that names the algorithm
  console.log('md5 is refused');
  return cipher.update(message);
}

function etag(body) {
  // near-miss: an entity tag guards against accident only
  return crypto.createHash('md5').update(body).digest('base64');
}
