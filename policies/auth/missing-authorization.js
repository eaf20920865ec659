const router = require('express').Router();

// breach: auth/missing-authorization
router.post('/accounts/:id/freeze', (req, res) => accounts.freeze(req, res));

// breach: auth/missing-authorization
router.delete('/payees/:id', payees.remove);

// near-miss: a permission stands before the handler
router.post('/accounts/:id/unfreeze', mayUnfreeze('OPS_FREEZE'), (req, res) => accounts.unfreeze(req, res));

// near-miss: nobody is signed in before the login
router.post('/login', (req, res) => sessions.open(req, res));

// near-miss: reads only
router.get('/rates', rates.list);

// near-miss: a call to another service
client.post('/rates', body);
