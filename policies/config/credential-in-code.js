const pool = mysql.createPool({
  user: 'posting',
  // breach: config/credential-in-code
  password: 'P0sting#2025',
});

// breach: config/credential-in-code
const apiKey = process.env.RATES_KEY || '9f8e7d6c5b4a32100a1b';

// breach: config/credential-in-code
const hook = 'mongodb://posting:L3dger77@core-db:27017/ledger';

// near-miss: read when the program runs
const secured = mysql.createPool({ password: process.env.POSTING_PASSWORD });

// near-miss: a form field
const fields = { password: '#password1', passwordHint: 'Min. 8 characters, 1 digit' };

// near-miss: a translation
const texts = { password: 'Passwort', passwordRepeat: 'Passwort wiederholen' };
