const log = require('./log');

async function post(entry) {
  // breach: audit/console-output
  console.log('post', entry.accountNo);
  // breach: audit/console-output
  console.dir(entry);
  // near-miss: the logger takes it
  log.info({ entry: entry.id }, 'post');
  // near-miss: only a text
  log.info('console.log is not used');
}
