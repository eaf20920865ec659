const crypto = require('crypto');

function sendChallenge() {
  // breach: crypto/weak-random
  const otp = Math.floor(100000 + Math.random() * 900000).toString();
  // near-miss: the secure generator
  const right = crypto.randomInt(0, 1000000).toString().padStart(6, '0');
  return otp;
}

function generateSessionToken() {
  // breach: crypto/weak-random
  return Math.random().toString(36).slice(2);
}

function backoff() {
  // near-miss: jitter of a retry
  const delay = 100 + Math.random() * 50;
  // near-miss: a key of a list item
  const key = `row-${Math.random()}`;
  return delay;
}

function remember(res) {
  // breach: crypto/weak-random
  const value = String(Math.random());
  res.cookie('remember', value);
}
