const logger = require('winston');

function authorise(req, cvv, password) {
  // breach: data/sensitive-data-in-logs
  console.log('authorise card', req.body.cardNumber);
  // near-miss: masked
  console.log('authorise card', maskPan(req.body.cardNumber));
  // breach: data/sensitive-data-in-logs
  logger.info(`cvv ${cvv}`);
  // near-miss: whether it is there
  logger.debug('password given', !!password);
  // breach: data/sensitive-data-in-logs
  logger.debug('login', { user: req.body.user, password });
  // near-miss: stars stand for it
  logger.debug('login', { user: req.body.user, password: '***' });
  // near-miss: the last four
  logger.info('card ending', req.body.cardNumber.slice(-4));
  // breach: data/sensitive-data-in-logs
  throw new Error('login failed with ' + password);
}
