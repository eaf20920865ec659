const https = require('https');

// breach: crypto/unverified-peer
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

function agent() {
  // breach: crypto/unverified-peer
  return new https.Agent({ rejectUnauthorized: false, keepAlive: true });
}

function agentRight(ca) {
  // near-miss: the bank's roots decide
  return new https.Agent({ ca, rejectUnauthorized: true });
}

function complain() {
  // near-miss: a text about it
  console.warn('rejectUnauthorized: false is refused');
}
