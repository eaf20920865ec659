const crypto = require('crypto');
const CryptoJS = require('crypto-js');

function encrypt(key, nonce, pan) {
  // breach: crypto/ecb-mode
  const cipher = crypto.createCipheriv('aes-256-ecb', key, null);
  // breach: crypto/ecb-mode
  const other = CryptoJS.AES.encrypt(pan, key, { mode: CryptoJS.mode.ECB });
  // near-miss: an authenticated mode
  const gcm = crypto.createCipheriv('aes-256-gcm', key, nonce);
  // near-miss: chained
  const cbc = CryptoJS.AES.encrypt(pan, key, { mode: CryptoJS.mode.CBC, iv: nonce });
  // near-miss: a text about it
  console.log('aes-256-ecb is refused');
  return gcm.update(pan);
}
